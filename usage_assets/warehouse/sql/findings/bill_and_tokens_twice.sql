-- grain: one account's product on a day with charged rows without tokens and token rows without charges
-- key: usage_date, account_id, subject
insert into bookkeeping.cost_findings by name
with row_lines as (
    select
        usage_date,
        account_id,
        product_id,
        usage_key,
        bool_or(cost_basis = 'billed') as is_billed,
        count(coalesce(input_tokens, cached_input_tokens, cache_write_tokens, output_tokens)) > 0 as has_tokens,
        bool_or(cost_basis in ('estimated', 'unpriced')) as is_estimated,
        count(*) filter (where cost_basis in ('estimated', 'unpriced')) as estimated_lines,
        sum(estimated_cost_usd) filter (where cost_basis = 'estimated') as estimated_cost_usd
    from cost
    where usage_date in (select days.usage_date from days)
    group by usage_date, account_id, product_id, usage_key
)

select
    'bill_and_tokens_twice' as check_name,
    usage_date,
    account_id,
    product_id as subject,
    'USD' as currency,
    sum(estimated_lines)::bigint as affected_rows,
    sum(estimated_cost_usd) as amount
from row_lines
group by usage_date, account_id, product_id
having bool_or(is_billed and not has_tokens) and bool_or(is_estimated)
