-- grain: one matching cost row with its API row, load and price
-- key: usage_key, part, currency, usage_date
with unit_prices as (
    select
        provider,
        model,
        usage_date,
        any_value(matched_model) as matched_model,
        any_value(price_book) as price_book,
        any_value(unit_price) filter (where meter = 'input') as input_price,
        any_value(unit_price) filter (where meter = 'cache_read') as cached_input_price,
        any_value(unit_price) filter (where meter = 'cache_write') as cache_write_price,
        any_value(unit_price) filter (where meter = 'output') as output_price
    from prices
    where price_context = '(none)'
    group by provider, model, usage_date
)

select
    matching.usage_date,
    matching.account_id,
    matching.integration,
    matching.report,
    matching.row_id,
    matching.product_id,
    matching.metric_name,
    matching.provider,
    matching.model,
    matching.surface,
    matching.user_key,
    matching.currency,
    matching.cost,
    matching.tax,
    matching.cost_usd,
    matching.cost_basis,
    matching.cost_rule,
    matching.is_provisional,
    matching.fx_rate,
    matching.fx_date,
    matching.fx_stale,
    usage.model_id,
    usage.user_id,
    usage.user_email,
    usage.user_name,
    usage.charges,
    usage.input_tokens,
    usage.cached_input_tokens,
    usage.cache_write_tokens,
    usage.output_tokens,
    usage.start_at,
    usage.end_at,
    usage.fetched_at as row_fetched_at,
    usage.usage_date as first_day,
    usage.last_day,
    usage.last_day > usage.usage_date
    or (usage.end_at > usage.fetched_at and usage.end_at - usage.start_at > interval 24 hours) as is_long,
    usage.window_start,
    usage.window_end,
    usage.file_row,
    loads.sha256,
    loads.fetched_at,
    unit_prices.matched_model,
    unit_prices.input_price,
    unit_prices.cached_input_price,
    unit_prices.cache_write_price,
    unit_prices.output_price,
    unit_prices.price_book
from matching
left join usage on matching.usage_key = usage.usage_key
left join loads
    on
        usage.account_id = loads.account_id
        and usage.report = loads.report
        and usage.window_start = loads.window_start
        and usage.window_end = loads.window_end
left join unit_prices
    on usage.provider = unit_prices.provider
    and usage.model = unit_prices.model
    and usage.usage_date = unit_prices.usage_date
order by
    matching.cost desc nulls last,
    matching.usage_date,
    matching.account_id,
    matching.row_id,
    matching.currency,
    matching.usage_key
limit $max_rows
