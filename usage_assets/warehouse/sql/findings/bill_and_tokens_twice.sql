-- grain: one account's product on a day with charged rows without tokens and token rows without charges
-- key: usage_date, account_id, subject
insert into bookkeeping.cost_findings by name
select
    'bill_and_tokens_twice' as check_name,
    usage_date,
    account_id,
    product_id as subject,
    'USD' as currency,
    count(*) filter (where cost_basis in ('estimated', 'unpriced')) as affected_rows,
    sum(estimated_cost_usd) filter (where cost_basis = 'estimated') as amount
from cost
where usage_date in (select days.usage_date from days)
group by usage_date, account_id, product_id
having
    count(*) filter (where cost_basis = 'billed' and input_tokens is null and output_tokens is null) > 0
    and count(*) filter (where cost_basis in ('estimated', 'unpriced')) > 0
