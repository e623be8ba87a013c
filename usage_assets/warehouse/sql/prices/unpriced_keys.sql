-- grain: a meter of a provider's model in a price context on a day, or the uncached input beside a meter of a cache,
-- without a line in `prices`
-- key: provider, model, price_context, meter, usage_date
with metered as (
    select
        usage_date,
        provider,
        price_context,
        unnest(meters, recursive := true)
    from usage
    where usage_date in (select start_days.usage_date from start_days) and len(meters) > 0
),

used as (
    select distinct
        provider,
        model,
        price_context,
        meter,
        usage_date
    from metered
    where model <> '(none)' or meter in $count_meters
),

-- what a cache saves is known only beside the price of uncached input
wanted as (
    select * from used
    union
    select * replace (uncached_meter(meter) as meter)
    from used
    where uncached_meter(meter) is not null
)

select wanted.*
from wanted
anti join prices using (provider, model, price_context, meter, usage_date)
order by all
