-- grain: a provider's model on a day with tokens and without a line in `prices`
-- key: provider, model, usage_date
select distinct
    usage.provider,
    usage.model,
    usage.usage_date
from usage
where
    usage.usage_date in (select start_days.usage_date from start_days)
    and usage.model <> '(none)'
    and coalesce(
        usage.input_tokens, usage.cached_input_tokens, usage.cache_write_tokens, usage.output_tokens
    ) is not null
    and not exists (
        select 1 from prices
        where
            prices.provider = usage.provider
            and prices.model = usage.model
            and prices.usage_date = usage.usage_date
    )
order by usage.usage_date, usage.provider, usage.model
