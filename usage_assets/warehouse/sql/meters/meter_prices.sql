-- grain: one meter with its unit price; `atto_price` is that price in units of 1e-18, `pico_price` in units of 1e-12 if
-- it has no further decimals, `saved_per_unit` what a token of a cache costs less than an uncached one
-- key: price_list, meter; a price list is a provider's model in a price context on a day
create or replace temp table meter_prices as
with listed as (
    select
        *,
        dense_rank() over (order by provider, model, price_context, usage_date) as price_list,
        replace(unit_price::varchar, '.', '')::hugeint as atto_price
    from prices
    where usage_date in (select start_days.usage_date from start_days)
)

select
    listed.*,
    case when listed.atto_price % 1000000 = 0 then listed.atto_price // 1000000 end as pico_price,
    uncached.unit_price - listed.unit_price as saved_per_unit
from listed
left join listed as uncached
    on listed.price_list = uncached.price_list and uncached_meter(listed.meter) = uncached.meter
