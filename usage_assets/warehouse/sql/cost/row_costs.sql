-- grain: one row of the API in one currency, before it is split over days
-- key: usage_key, currency
create or replace temp table row_costs as
with touching as (
    select
        *,
        last_day_of(start_at, end_at, fetched_at) as last_day,
        end_at - start_at > interval 24 hours as is_long,
        coalesce(input_tokens, cached_input_tokens, cache_write_tokens, output_tokens) is not null as has_counts
    from usage
    where usage_date <= $last_day and last_day_of(start_at, end_at, fetched_at) >= $first_day
),

charge_lines as (
    select
        usage_key,
        unnest(charges, recursive := true)
    from touching
    where len(charges) > 0
),

charge_sums as (
    select
        usage_key,
        currency,
        sum(amount) filter (where type = 'net') as net,
        sum(amount) filter (where type = 'total') as total,
        sum(amount) filter (where type in ('on_demand', 'committed', 'usage_based', 'platform_fee')) as parts,
        abs(sum(amount) filter (where type = 'discount')) as discount,
        abs(sum(amount) filter (where type = 'credit')) as credit,
        sum(amount) filter (where type = 'included') as included,
        sum(amount) filter (where type = 'tax') as tax
    from charge_lines
    group by usage_key, currency
),

billed as (
    select
        usage_key,
        currency,
        tax,
        case
            when net is not null then 'net'
            when total is not null then 'total'
            when coalesce(parts, discount, credit) is not null then 'components'
            when included is not null then 'included'
            else 'none'
        end as charge_rule,
        case charge_rule
            when 'net' then net
            when 'total' then total
            when 'components' then coalesce(parts, 0) - coalesce(discount, 0) - coalesce(credit, 0)
            when 'included' then 0
        end::decimal(38, 12) as billed_cost,
        case
            when coalesce(total, parts, net, included) is not null
                then coalesce(total, parts, net + coalesce(discount, 0) + coalesce(credit, 0), 0)
                    + coalesce(included, 0)
        end::decimal(38, 12) as list_cost,
        row_number() over (partition by usage_key order by currency <> 'USD', currency) = 1 as carries_counts,
        bool_or(charge_rule <> 'none') over (partition by usage_key) as is_billed
    from charge_sums
),

currency_lines as (
    select
        touching.*,
        coalesce(billed.currency, 'USD') as currency,
        coalesce(billed.charge_rule, 'none') as charge_rule,
        billed.billed_cost,
        billed.list_cost,
        billed.tax,
        coalesce(billed.carries_counts, true) as carries_counts,
        coalesce(billed.is_billed, false) as is_billed
    from touching
    left join billed on touching.usage_key = billed.usage_key
),

estimated as (
    select
        currency_lines.*,
        prices.price_book,
        case
            when
                carries_counts and has_counts
                and coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0)
                + coalesce(output_tokens, 0) <> 0
                then (
                    coalesce(input_tokens, 0) * prices.input_price
                    + coalesce(cached_input_tokens, 0) * prices.cached_input_price
                    + coalesce(cache_write_tokens, 0) * prices.cache_write_price
                    + coalesce(output_tokens, 0) * prices.output_price
                )::decimal(38, 12)
        end as estimated_cost_usd,
        carries_counts and has_counts
        and coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0)
        + coalesce(output_tokens, 0) <> 0 as has_tokens
    from currency_lines
    left join prices
        on currency_lines.provider = prices.provider
        and currency_lines.model = prices.model
        and currency_lines.usage_date = prices.usage_date
)

select
    * exclude (price_book),
    case when currency = 'USD' then estimated_cost_usd end as estimated_cost,
    case when estimated_cost_usd is not null then price_book end as price_book
from estimated
