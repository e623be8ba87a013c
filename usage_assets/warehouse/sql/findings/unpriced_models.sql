-- grain: one account's day with tokens of a model that has no price
-- key: usage_date, account_id, subject
insert into bookkeeping.cost_findings by name
select
    'unpriced_models' as check_name,
    usage_date,
    account_id,
    provider || ' ' || model as subject,
    count(*) as affected_rows,
    sum(
        coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0)
        + coalesce(output_tokens, 0)
    ) as tokens
from cost
where usage_date in (select days.usage_date from days) and cost_basis = 'unpriced'
group by all
