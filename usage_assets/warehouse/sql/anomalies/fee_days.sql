-- grain: one day of a fee: of a product with cost on at most three of the 31 days up to this one
-- key: account_id, provider, product_id, usage_date
create or replace temp table fee_days as
with product_days as (
    select
        account_id,
        provider,
        product_id,
        usage_date
    from cost_by_resource
    where usage_date >= $first_day::date - 30 and usage_date <= $last_day::date
    group by account_id, provider, product_id, usage_date
    having sum(cost_usd) <> 0
)

select
    account_id,
    provider,
    product_id,
    usage_date
from product_days
qualify
    count(*) over (
        partition by account_id, provider, product_id
        order by usage_date
        range between interval 30 days preceding and current row
    )
    <= 3
