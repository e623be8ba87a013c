-- grain: the sums of the cell in one aggregate, on one day in one currency
-- key: usage_date, currency
with cells as (
    select * from query_table($table)
    union all by name
    select
        null::varchar as provider,
        null::varchar as model,
        null::varchar as surface,
        null::varchar as user_key,
        null::varchar as team
    where false
)

select
    usage_date,
    currency,
    sum(cost) as cost,
    sum(tax) as tax,
    sum(cost_usd) as cost_usd,
    sum(provisional_cost) as provisional_cost
from cells
where
    usage_date between $first_day and $last_day
    and ($account_id::varchar is null or account_id = $account_id)
    and ($provider::varchar is null or provider = lower(trim($provider)))
    and ($model::varchar is null or lower(model) = lower(trim($model)))
    and ($surface::varchar is null or surface = $surface)
    and ($user_key::varchar is null or lower(user_key) = lower(trim($user_key)))
    and ($team::varchar is null or lower(team) = lower(trim($team)))
group by usage_date, currency
order by usage_date, currency
