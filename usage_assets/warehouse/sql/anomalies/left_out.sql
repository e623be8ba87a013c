-- grain: the cost of fees and of rows of more than three days, per day and dimensions; it is no part of what is judged
-- key: usage_date, account_id, provider, model, surface, user_key
create or replace temp table left_out as
with long_rows as (
    select distinct usage_key
    from usage
    where last_day - usage_date >= 3 and last_day >= $first_day::date and usage_date <= $last_day::date
),

fees as (
    select cost.*
    from cost
    semi join fee_days
        on
            cost.account_id = fee_days.account_id
            and cost.provider = fee_days.provider
            and cost.product_id = fee_days.product_id
            and cost.usage_date = fee_days.usage_date
    where
        cost.usage_date in (select usage_date from fee_days)
        and cost.usage_date >= $first_day::date
        and cost.usage_date <= $last_day::date
),

prorated as (
    select cost.*
    from cost
    where
        cost.allocation = 'prorated'
        and cost.usage_date >= $first_day::date
        and cost.usage_date <= $last_day::date
        and cost.usage_key in (select usage_key from long_rows)
)

select
    usage_date,
    account_id,
    provider,
    model,
    surface,
    user_key,
    sum(cost_usd) as cost_usd
from (
    from fees
    union
    from prorated
)
where cost_usd is not null
group by usage_date, account_id, provider, model, surface, user_key
