-- grain: the shares of all meters but the last of each cost row, by that last meter, and the quantities of all
-- key: usage_date, account_id, provider, model, currency, price_list, meter, last_meter
create or replace temp table share_sums as
with shares as (
    select
        metered_lines.usage_date,
        metered_lines.account_id,
        metered_lines.integration,
        metered_lines.provider,
        metered_lines.model,
        metered_lines.currency,
        metered_lines.last_meter,
        part_meters.price_list,
        part_meters.meter,
        case
            when metered_lines.carries_counts
                then day_share(part_meters.quantity, metered_lines.day_number, metered_lines.days)
        end as quantity,
        case
            when part_meters.list_price is null or part_meters.place = metered_lines.last_place then null
            when metered_lines.is_list_price then part_meters.list_price
            else proportion(
                metered_lines.cost_units, greatest(part_meters.list_price, 0), metered_lines.part_list_price
            )
        end as cost_share,
        case
            when metered_lines.currency = 'USD' then cost_share
            when part_meters.list_price is not null and part_meters.place <> metered_lines.last_place
                then proportion(
                    metered_lines.usd_units, greatest(part_meters.list_price, 0), metered_lines.part_list_price
                )
        end as usd_share
    from metered_lines
    inner join part_meters
        on metered_lines.usage_row = part_meters.usage_row and metered_lines.part = part_meters.part
)

select
    usage_date,
    account_id,
    integration,
    provider,
    model,
    currency,
    price_list,
    meter,
    last_meter,
    sum(quantity) as quantity,
    from_units(sum(cost_share)) as cost,
    from_units(sum(usd_share)) as cost_usd
from shares
group by usage_date, account_id, integration, provider, model, currency, price_list, meter, last_meter
