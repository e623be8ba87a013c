-- grain: one meter of a part of a usage row that touches the days of a step, with its list price in units of 1e-12,
-- truncated; `place` counts the meters of a row, `usage_row` is its place in `usage`; key: usage_row, place
create or replace temp table part_meters as
with metered as (
    select
        rowid as usage_row,
        usage_date,
        provider,
        price_context,
        parts_of(meters) as parts,
        generate_subscripts(meters, 1) as place,
        unnest(meters, recursive := true)
    from usage
    where usage_date in (select start_days.usage_date from start_days) and len(meters) > 0
)

select
    metered.usage_row,
    metered.place,
    metered.meter,
    metered.quantity,
    meter_prices.price_list,
    case when metered.parts is null then 1 else list_position(metered.parts, metered.part) end as part,
    case
        when abs(metered.quantity::double * meter_prices.unit_price::double) >= 1e15 then null
        -- speed: most prices have twelve decimals, and a division of such numbers is slow
        when meter_prices.pico_price is not null then metered.quantity * meter_prices.pico_price
        else metered.quantity * meter_prices.atto_price // 1000000
    end as list_price
from metered
left join meter_prices
    on metered.provider = meter_prices.provider
    and metered.model = meter_prices.model
    and metered.price_context = meter_prices.price_context
    and metered.meter = meter_prices.meter
    and metered.usage_date = meter_prices.usage_date
