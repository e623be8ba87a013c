-- grain: one day of a table that has to follow what was just written
-- key: table_name, usage_date
insert into bookkeeping.stale_days
select
    names.table_name,
    days.usage_date
from (select unnest($tables) as table_name) as names
cross join days
anti join bookkeeping.stale_days as stale
    on names.table_name = stale.table_name and days.usage_date = stale.usage_date
