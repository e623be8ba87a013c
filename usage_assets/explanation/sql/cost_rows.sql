-- grain: one matching cost row with its API row, load, and the meters of the API row with their prices
-- key: usage_key, part, currency, usage_date
with chosen as (
    select
        *,
        row_number() over (
            order by cost desc nulls last, usage_date, account_id, row_id, currency, usage_key, part
        ) as rank
    from matching
    qualify $max_rows::bigint is null or rank <= $max_rows
),

metered as (
    select
        usage_key,
        usage_date,
        provider,
        price_context,
        parts_of(meters) as parts,
        generate_subscripts(meters, 1) as place,
        unnest(meters, recursive := true)
    from usage
    where usage_key in (select chosen.usage_key from chosen) and len(meters) > 0
),

row_meters as (
    select
        metered.usage_key,
        list({
            part: case when metered.parts is null then 1 else list_position(metered.parts, metered.part) end,
            meter: metered.meter,
            quantity: metered.quantity,
            unit_price: prices.unit_price,
            matched_model: prices.matched_model,
            is_context_priced: prices.is_context_priced,
            price_book: prices.price_book
        } order by metered.place) as meters
    from metered
    left join prices using (provider, model, price_context, meter, usage_date)
    group by metered.usage_key
)

select
    chosen.usage_date,
    chosen.account_id,
    chosen.integration,
    chosen.report,
    chosen.row_id,
    chosen.part,
    chosen.product_id,
    chosen.metric_name,
    chosen.provider,
    chosen.model,
    chosen.surface,
    chosen.user_key,
    chosen.price_context,
    chosen.currency,
    chosen.row_cost as cost,
    chosen.row_tax as tax,
    chosen.row_cost_usd as cost_usd,
    chosen.team_shares,
    chosen.cost_basis,
    chosen.cost_rule,
    chosen.is_provisional,
    chosen.fx_rate,
    chosen.fx_date,
    chosen.fx_stale,
    exchange_rates.units_per_usd,
    usage.model_id,
    usage.user_id,
    usage.user_email,
    usage.user_name,
    usage.charges,
    usage.input_tokens,
    usage.cached_input_tokens,
    usage.is_covered,
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
    row_meters.meters
from chosen
left join usage on chosen.usage_key = usage.usage_key
left join loads
    on
        usage.account_id = loads.account_id
        and usage.report = loads.report
        and usage.window_start = loads.window_start
        and usage.window_end = loads.window_end
left join exchange_rates
    on chosen.usage_date = exchange_rates.usage_date and chosen.currency = exchange_rates.currency
left join row_meters on chosen.usage_key = row_meters.usage_key
order by chosen.rank
