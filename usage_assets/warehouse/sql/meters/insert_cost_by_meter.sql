-- grain: one day of an account, provider, model, meter, currency: the shares of the meters, and on the last priced meter
-- of each row its cost less the shares of the others; a row without a priced meter stands under `(none)`
-- key: usage_date, account_id, provider, model, meter, currency
insert into cost_by_meter by name
with whole_sums as (
    select
        usage_date,
        account_id,
        integration,
        provider,
        model,
        currency,
        coalesce(last_meter, '(none)') as meter,
        sum(cost) as cost,
        sum(cost_usd) as cost_usd
    from metered_lines
    where last_meter is not null or cost is not null or not has_meters
    group by all
),

all_sums as (
    select * exclude (last_meter)
    from share_sums
    union all by name
    select
        * exclude (meter, last_meter, price_list, quantity, cost, cost_usd),
        last_meter as meter,
        -cost as cost,
        -cost_usd as cost_usd
    from share_sums
    where last_meter is not null
    union all by name
    select * from whole_sums
)

select
    all_sums.usage_date,
    all_sums.account_id,
    any_value(all_sums.integration) as integration,
    all_sums.provider,
    all_sums.model,
    all_sums.meter,
    all_sums.currency,
    sum(all_sums.quantity)::bigint as quantity,
    sum(all_sums.cost) as cost,
    sum(all_sums.cost_usd) as cost_usd,
    sum(metered_cost(all_sums.quantity, meter_prices.unit_price))::decimal(38, 12) as list_price_cost_usd,
    sum(metered_cost(all_sums.quantity, meter_prices.saved_per_unit))::decimal(38, 12) as cache_savings_usd
from all_sums
left join meter_prices on all_sums.price_list = meter_prices.price_list and all_sums.meter = meter_prices.meter
group by
    all_sums.usage_date, all_sums.account_id, all_sums.provider, all_sums.model, all_sums.meter, all_sums.currency
