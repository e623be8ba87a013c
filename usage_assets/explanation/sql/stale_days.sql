-- grain: one day on which a table is behind the data it is derived from
-- key: table_name, usage_date
select
    table_name,
    usage_date
from bookkeeping.stale_days
where usage_date between $first_day and $last_day
order by table_name, usage_date
