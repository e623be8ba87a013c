-- grain: a day, account and currency where cost_by_account does not sum to cost
-- key: usage_date, account_id, currency
with of_cost as (
    select
        usage_date, account_id, currency, sum(cost) as cost, sum(billed_cost) as billed_cost,
        sum(estimated_cost) as estimated_cost, sum(tax) as tax, sum(cost_usd) as cost_usd,
        sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(requests) as requests
    from cost
    where usage_date in (select days.usage_date from days)
    group by usage_date, account_id, currency
),

of_aggregate as (
    select
        usage_date, account_id, currency, sum(cost) as cost, sum(billed_cost) as billed_cost,
        sum(estimated_cost) as estimated_cost, sum(tax) as tax, sum(cost_usd) as cost_usd,
        sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(requests) as requests
    from cost_by_account
    where usage_date in (select days.usage_date from days)
    group by usage_date, account_id, currency
)

(select * from of_cost except select * from of_aggregate)
union all
(select * from of_aggregate except select * from of_cost)
