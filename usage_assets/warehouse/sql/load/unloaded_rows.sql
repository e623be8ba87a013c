-- grain: one line with the numbers of dropped and rejected rows, and whether amounts or counts are so large that those
-- of a window may not add up; key: none
select
    count(*) filter (where outside_window) as dropped_rows,
    count(*) filter (where reason is not null and not outside_window) as rejected_rows,
    coalesce(max(sum_of_amounts(charges)) >= 1e15 or max(input_tokens) >= 1e12 or max(output_tokens) >= 1e12
        or max(cached_input_tokens) >= 1e12 or max(cache_write_tokens) >= 1e12 or max(requests) >= 1e12
        or max(sessions) >= 1e12, false) as has_large_numbers
from staged
