-- grain: one day of a series: of an account, provider and product within a key of a scope
-- key: series, usage_date
create or replace temp table daily_spend as
with lines as (
    select
        usage_date,
        account_id,
        provider,
        product_id,
        allocation,
        cost_usd,
        case $scope::varchar when 'model' then model when 'user' then user_key else '(all)' end as scope_key
    from cost
    where
        usage_date between $first_day::date and $last_day::date
        and account_id in (select unnest($account_ids::varchar[]))
        and cost_usd is not null
        and ($scope::varchar <> 'user' or user_key in (select chosen_users.user_key from chosen_users))
),

days as (
    select
        usage_date,
        account_id,
        provider,
        product_id,
        scope_key,
        sum(cost_usd) as cost,
        bool_or(allocation = 'prorated') as is_split
    from lines
    group by all
)

select
    *,
    dense_rank() over (order by account_id, provider, product_id, scope_key) - 1 as series
from days
