-- grain: an account with published rows; `cost` is a map from currency to cost, `shown_cost` the sum of all of them in
-- the shown currency, `unconverted` a map from currency to the cost that `shown_cost` lacks
-- key: account_id
with converted_lines as (
    select
        account_id,
        currency,
        usage_date,
        usage_rows,
        cost,
        unconverted_rows,
        case
            when $currency = 'USD' then cost_usd
            else converted(cost_usd, shown_rates.units_per_usd)
        end as shown_cost
    from read_parquet($files)
    left join shown_rates using (usage_date)
),

currency_totals as (
    select
        account_id,
        currency,
        min(usage_date) as first_day,
        max(usage_date) as last_day,
        sum(usage_rows)::bigint as usage_rows,
        sum(cost) as cost,
        sum(shown_cost) as shown_cost,
        sum(cost) filter (where shown_cost is null) as unconverted,
        bool_or(unconverted_rows > 0 or (shown_cost is null and cost is not null)) as is_unconverted
    from converted_lines
    group by account_id, currency
)

select
    account_id,
    min(first_day) as first_day,
    max(last_day) as last_day,
    sum(usage_rows)::bigint as usage_rows,
    coalesce(
        map_from_entries(list((currency, cost) order by currency) filter (where cost is not null)),
        map {}
    ) as cost,
    sum(shown_cost) as shown_cost,
    coalesce(
        map_from_entries(list((currency, unconverted) order by currency) filter (where is_unconverted)),
        map {}
    ) as unconverted
from currency_totals
group by account_id
order by account_id
