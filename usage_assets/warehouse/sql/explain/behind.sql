-- grain: a table that does not show what is loaded of the day
-- key: table_name
select distinct table_name
from bookkeeping.stale_days
where usage_date = $usage_date
order by table_name
