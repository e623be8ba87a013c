-- grain: one day of a span, on which cost has to be derived anew
-- key: table_name, usage_date
insert into bookkeeping.stale_days
with days as (
    select distinct unnest(generate_series(first_day, last_day, interval 1 day))::date as usage_date
    from spans
)

select
    'cost' as table_name,
    usage_date
from days
where usage_date not in (select stale.usage_date from bookkeeping.stale_days as stale where stale.table_name = 'cost')
