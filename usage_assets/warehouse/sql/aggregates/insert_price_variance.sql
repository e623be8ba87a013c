-- grain: one day of an account, provider, model, currency that has both a bill and an estimate
-- key: usage_date, account_id, provider, model, currency
insert into price_variance by name
select
    usage_date,
    account_id,
    any_value(integration) as integration,
    provider,
    model,
    currency,
    count(*) as cost_rows,
    sum(billed_cost) as billed_cost,
    sum(list_cost) as list_cost,
    sum(estimated_cost) as estimated_cost,
    sum(billed_cost) - sum(estimated_cost) as variance,
    sum(billed_cost)::double / nullif(sum(estimated_cost), 0)::double as billed_per_estimated
from cost_lines
where cost_basis = 'billed' and estimated_cost is not null
group by usage_date, account_id, provider, model, currency
