-- grain: one row of the API in one currency, before it is split over days
-- key: usage_key, currency
create or replace temp table row_costs as
with touching as (
    select
        usage_date,
        usage_key,
        account_id,
        integration,
        report,
        window_start,
        window_end,
        row_id,
        provider,
        model,
        surface,
        user_key,
        product_id,
        metric_name,
        organization_id,
        input_tokens,
        cached_input_tokens,
        cache_write_tokens,
        output_tokens,
        requests,
        sessions,
        price_context,
        last_day,
        last_day > usage_date as is_long
    from usage
    anti join bookkeeping.ignored_days as ignored
        on
            usage.account_id = ignored.account_id
            and usage.usage_date >= ignored.first_day
            and usage.usage_date <= ignored.last_day
    where
        usage_date in (select start_days.usage_date from start_days)
        and last_day >= $first_day
),

currency_lines as (
    select
        touching.*,
        coalesce(integration_rules.bills_by, $bills_by) as bills_by,
        coalesce(charge_sums.currency, 'USD') as currency,
        coalesce(charge_sums.charge_rule, 'none') as charge_rule,
        charge_sums.billed_cost,
        charge_sums.list_cost,
        charge_sums.tax,
        coalesce(charge_sums.carries_counts, true) as carries_counts,
        coalesce(charge_sums.is_billed, false) as is_billed,
        coalesce(charge_sums.carries_counts, true)
        and coalesce(
            input_tokens <> 0 or cached_input_tokens <> 0 or cache_write_tokens <> 0 or output_tokens <> 0, false
        ) as has_tokens
    from touching
    left join charge_sums on touching.usage_key = charge_sums.usage_key
    left join integration_rules on touching.integration = integration_rules.integration
),

unit_prices as (
    select
        provider,
        model,
        usage_date,
        any_value(price_book) as price_book,
        any_value(unit_price) filter (where meter = 'input') as input_price,
        any_value(unit_price) filter (where meter = 'cache_read') as cached_input_price,
        any_value(unit_price) filter (where meter = 'cache_write') as cache_write_price,
        any_value(unit_price) filter (where meter = 'output') as output_price
    from prices
    where price_context = '(none)' and usage_date in (select start_days.usage_date from start_days)
    group by provider, model, usage_date
),

estimated as (
    select
        currency_lines.*,
        unit_prices.price_book,
        case
            when has_tokens
                then try(
                    coalesce(nullif(input_tokens, 0) * unit_prices.input_price, case when coalesce(input_tokens, 0) = 0 then 0 end)
                    + coalesce(nullif(cached_input_tokens, 0) * unit_prices.cached_input_price, case when coalesce(cached_input_tokens, 0) = 0 then 0 end)
                    + coalesce(nullif(cache_write_tokens, 0) * unit_prices.cache_write_price, case when coalesce(cache_write_tokens, 0) = 0 then 0 end)
                    + coalesce(nullif(output_tokens, 0) * unit_prices.output_price, case when coalesce(output_tokens, 0) = 0 then 0 end)
                )::decimal(38, 12)
        end as estimated_cost_usd
    from currency_lines
    left join unit_prices
        on currency_lines.provider = unit_prices.provider
        and currency_lines.model = unit_prices.model
        and currency_lines.usage_date = unit_prices.usage_date
)

select
    * exclude (price_book),
    case when estimated_cost_usd is not null then price_book end as price_book
from estimated
