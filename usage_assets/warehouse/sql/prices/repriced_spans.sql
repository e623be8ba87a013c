-- grain: the first and last day of a row that has a meter with a new price
-- key: first_day, last_day
with metered as (
    select
        usage_date,
        last_day,
        provider,
        price_context,
        unnest(meters, recursive := true)
    from usage
    where usage_date in (select new_prices.usage_date from new_prices) and len(meters) > 0
)

select distinct
    metered.usage_date as first_day,
    metered.last_day
from metered
semi join new_prices using (provider, model, price_context, meter, usage_date)
