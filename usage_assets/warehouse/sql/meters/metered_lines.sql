-- grain: one cost row of the days being derived, with its usage row and the weight of its part; money in units of 1e-12
-- where it is parted by ratio; key: usage_row, part, currency, usage_date
create or replace temp table metered_lines as
with usage_rows as (
    select
        rowid as usage_row,
        usage_key,
        usage_date as first_day,
        (last_day - usage_date) + 1 as days,
        case when len(charges) > 1 then counting_currency(charges) end as counting_currency,
        coalesce(len(meters) > 0, false) as has_meters
    from usage
    where usage_date in (select start_days.usage_date from start_days)
)

select
    usage_rows.usage_row,
    cost.part,
    cost.usage_date,
    cost.account_id,
    cost.integration,
    cost.provider,
    cost.model,
    cost.currency,
    cost.cost,
    cost.cost_usd,
    usage_rows.days,
    usage_rows.has_meters,
    part_weights.list_price as part_list_price,
    part_weights.last_place,
    part_weights.last_meter,
    cost.cost_basis = 'estimated' and cost.currency = 'USD' and cost.allocation = 'exact' as is_list_price,
    case when not is_list_price then in_units(cost.cost) end as cost_units,
    case when cost.currency <> 'USD' then in_units(cost.cost_usd) end as usd_units,
    (cost.usage_date - usage_rows.first_day) + 1 as day_number,
    coalesce(usage_rows.counting_currency, cost.currency) = cost.currency as carries_counts
from cost
inner join usage_rows on cost.usage_key = usage_rows.usage_key
left join part_weights on usage_rows.usage_row = part_weights.usage_row and cost.part = part_weights.part
where cost.usage_date in (select days.usage_date from days)
