-- grain: one line with the numbers of dropped and rejected rows
-- key: none
select
    count(*) filter (where outside_window) as dropped_rows,
    count(*) filter (where reason is not null and not outside_window) as rejected_rows
from staged
