-- grain: an account with published rows; `cost` is a map from currency to cost
-- key: account_id
with currency_totals as (
    select
        account_id,
        currency,
        min(usage_date) as first_day,
        max(usage_date) as last_day,
        sum(usage_rows)::bigint as usage_rows,
        sum(cost) as cost
    from read_parquet($files)
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
    ) as cost
from currency_totals
group by account_id
order by account_id
