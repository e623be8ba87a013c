-- grain: a meter of a provider's model in a price context on a day, without a line in `prices`
-- key: provider, model, price_context, meter, usage_date
with metered as (
    select
        usage_date,
        provider,
        price_context,
        unnest(meters, recursive := true)
    from usage
    where usage_date in (select start_days.usage_date from start_days) and len(meters) > 0
)

select distinct
    metered.provider,
    metered.model,
    metered.price_context,
    metered.meter,
    metered.usage_date
from metered
anti join prices using (provider, model, price_context, meter, usage_date)
where metered.model <> '(none)'
order by metered.usage_date, metered.provider, metered.model, metered.price_context, metered.meter
