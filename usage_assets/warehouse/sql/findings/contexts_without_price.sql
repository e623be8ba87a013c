-- grain: one account's day with tokens in a price context for which the price book has only the model's standard price
-- key: usage_date, account_id, subject
insert into bookkeeping.cost_findings by name
with standard_prices as (
    select distinct
        provider,
        model,
        price_context,
        usage_date
    from prices
    where
        usage_date in (select days.usage_date from days)
        and not is_context_priced
        and unit_price is not null
)

select
    'contexts_without_price' as check_name,
    row_costs.usage_date,
    row_costs.account_id,
    row_costs.provider || ' ' || row_costs.model || ' ' || row_costs.price_context as subject,
    'USD' as currency,
    count(*) as affected_rows,
    sum(abs(row_costs.estimated_cost_usd)) as amount,
    sum(
        coalesce(row_costs.input_tokens, 0) + coalesce(row_costs.cached_input_tokens, 0)
        + coalesce(row_costs.cache_write_tokens, 0) + coalesce(row_costs.output_tokens, 0)
    ) as tokens
from row_costs
semi join standard_prices using (provider, model, price_context, usage_date)
where row_costs.has_tokens
group by all
