-- grain: one line: the staged rows that are not loaded
-- key: none
select
    count(*) filter (where outside_window) as dropped_rows,
    count(*) filter (where reason is not null and not outside_window) as rejected_rows
from staged
