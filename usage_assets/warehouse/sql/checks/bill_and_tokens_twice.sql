-- grain: an account's product on a day with charged rows without tokens and token rows without charges
-- key: account_id, usage_date, product_id
select
    account_id,
    usage_date,
    product_id,
    sum(billed_cost) filter (where input_tokens is null and output_tokens is null) as billed_cost,
    sum(estimated_cost_usd) filter (where cost_basis in ('estimated', 'unpriced')) as estimated_cost_usd
from cost
group by account_id, usage_date, product_id
having
    count(*) filter (where cost_basis = 'billed' and input_tokens is null and output_tokens is null) > 0
    and count(*) filter (where cost_basis in ('estimated', 'unpriced')) > 0
order by usage_date desc, account_id, product_id
