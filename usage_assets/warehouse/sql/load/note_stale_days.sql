-- grain: one day on which a row of the windows being loaded stands, before or after
-- key: table_name, usage_date
insert into bookkeeping.stale_days
with spans as (
    select
        usage.usage_date as first_day,
        last_day_of(usage.start_at, usage.end_at, usage.fetched_at) as last_day
    from usage
    inner join windows_to_load
        using (account_id, report, window_start, window_end)
    where usage.usage_date >= $first_day and usage.usage_date < $beyond
    group by all
),

days as (
    select distinct unnest(generate_series(first_day, last_day, interval 1 day))::date as usage_date
    from spans
)

select
    'cost' as table_name,
    usage_date
from days
where usage_date not in (select stale.usage_date from bookkeeping.stale_days as stale where stale.table_name = 'cost')
