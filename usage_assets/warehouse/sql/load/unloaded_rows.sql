-- grain: one line with the numbers of dropped and rejected rows, and whether amounts or counts are so large that those
-- of a window may not add up; key: none
select
    count(*) filter (where outside_window) as dropped_rows,
    count(*) filter (where reason is not null and not outside_window) as rejected_rows,
    coalesce(max(sum_of_amounts(charges)) >= 1e15, false)
    or coalesce(max(largest_count(staged)) >= 1e12, false) as has_large_numbers
from staged
