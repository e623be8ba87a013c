-- grain: one day of a fee: of a product with cost on at most three days of four weeks, which came before
-- key: account_id, provider, product_id, usage_date
create or replace temp table fee_days as
with product_days as (
    select
        account_id,
        provider,
        product_id,
        usage_date
    from cost_by_resource
    where usage_date >= $first_day::date - $fee_days::integer and usage_date <= $last_day::date
    group by account_id, provider, product_id, usage_date
    having sum(cost_usd) <> 0
),

-- a product with cost for the first time is no fee yet
counted_days as (
    select
        account_id,
        provider,
        product_id,
        usage_date,
        count(*) over four_weeks as days_of_four_weeks,
        count(*) over all_weeks as days,
        count(*) over earlier_weeks as earlier_days
    from product_days
    window
        four_weeks as (
            partition by account_id, provider, product_id
            order by usage_date
            range between interval 27 days preceding and current row
        ),
        all_weeks as (
            partition by account_id, provider, product_id
            order by usage_date
            range between interval ($fee_days::integer) days preceding and current row
        ),
        earlier_weeks as (
            partition by account_id, provider, product_id
            order by usage_date
            range between interval ($fee_days::integer) days preceding and interval 20 days preceding
        )
)

select
    account_id,
    provider,
    product_id,
    usage_date
from counted_days
where days_of_four_weeks <= 3 and days <= 10 and earlier_days >= 1
