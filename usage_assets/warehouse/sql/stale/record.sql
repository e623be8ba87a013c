-- grain: one day on which a table becomes stale
-- key: table_name, usage_date
insert into bookkeeping.stale_days
with table_names as (
    select unnest($tables::varchar[]) as table_name
),

stale as (
    select unnest($days::date[]) as usage_date
)

select
    table_names.table_name,
    stale.usage_date
from table_names
cross join stale
anti join bookkeeping.stale_days as known
    on table_names.table_name = known.table_name and stale.usage_date = known.usage_date
