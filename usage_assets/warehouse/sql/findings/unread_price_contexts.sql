-- grain: one account's day with tokens of a model whose row names a price context that no rule of the profile reads;
-- `amount` is their estimated cost at the standard price; key: usage_date, account_id, subject
insert into bookkeeping.cost_findings by name
select
    'unread_price_contexts' as check_name,
    usage_date,
    account_id,
    provider || ' ' || model || ' ' || price_context as subject,
    'USD' as currency,
    count(*) as affected_rows,
    sum(abs(estimated_cost_usd)) as amount,
    sum(
        coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0)
        + coalesce(output_tokens, 0)
    ) as tokens
from cost
where
    usage_date in (select days.usage_date from days)
    and contains(price_context, '?')
    and cost_basis in ('estimated', 'unpriced')
group by all
