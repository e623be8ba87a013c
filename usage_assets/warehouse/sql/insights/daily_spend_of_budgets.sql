-- grain: one day of a series: of an account, provider and product within the scope of a budget
-- key: series, usage_date
create or replace temp table daily_spend as
with days as (
    select
        usage_date,
        account_id,
        provider,
        product_id,
        scope as scope_key,
        sum(cost_usd) as cost,
        bool_or(is_split) as is_split
    from bookkeeping.budget_costs
    where
        usage_date between $first_day::date and $last_day::date
        and account_id in (select unnest($account_ids::varchar[]))
        and cost_usd is not null
    group by all
)

select
    *,
    dense_rank() over (order by account_id, provider, product_id, scope_key) - 1 as series
from days
