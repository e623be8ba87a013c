-- grain: one cost row of the cell; a parameter that is NULL is no filter
-- key: usage_key, currency, usage_date
create or replace temp table matching as
select
    *,
    cost as row_cost,
    tax as row_tax,
    cost_usd as row_cost_usd,
    []::struct(line integer, cost_centre varchar, cost decimal(38, 12), tax decimal(38, 12), cost_usd decimal(38, 12))[]
        as team_shares
from cost
where
    cost.usage_date between $first_day and $last_day
    and ($account_id::varchar is null or cost.account_id = $account_id)
    and ($provider::varchar is null or cost.provider = lower(trim($provider)))
    and ($surface::varchar is null or cost.surface = $surface)
    and ($user_key::varchar is null or lower(cost.user_key) = lower(trim($user_key)))
    and (
        $model::varchar is null
        or lower(cost.model) = lower(trim($model))
        or exists (
            select 1 from usage
            where usage.usage_key = cost.usage_key and lower(usage.model_id) = lower(trim($model))
        )
    )
