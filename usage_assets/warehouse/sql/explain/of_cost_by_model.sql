-- grain: what cost_by_model holds of the cell in one currency
-- key: currency
select
    currency,
    sum(cost) as cost,
    sum(tax) as tax,
    sum(cost_usd) as cost_usd,
    sum(provisional_cost) as provisional_cost
from cost_by_model
where
    usage_date = $usage_date
    and ($account_id::varchar is null or account_id = $account_id)
    and ($provider::varchar is null or provider = lower(trim($provider)))
    and lower(model) = lower(trim($model))
group by currency
