-- grain: a day, account and currency where an aggregate does not sum to cost
-- key: usage_date, account_id, currency
with of_cost as (
    select
        usage_date,
        account_id,
        currency,
        sum(columns(lambda name: name in $measures))
    from cost
    where usage_date in (select days.usage_date from days)
    group by usage_date, account_id, currency
),

of_aggregate as (
    select
        usage_date,
        account_id,
        currency,
        sum(columns(lambda name: name in $measures))
    from aggregate
    where usage_date in (select days.usage_date from days)
    group by usage_date, account_id, currency
)

(select * from of_cost except select * from of_aggregate)
union all
(select * from of_aggregate except select * from of_cost)
