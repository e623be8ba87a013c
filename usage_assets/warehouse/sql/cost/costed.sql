-- grain: one part of a row of the API, in one currency, on one day
-- key: usage_key, part, currency, usage_date
create or replace temp view costed as
with spread as (
    select
        * exclude (usage_date),
        unnest(generate_series(usage_date, last_day, interval 1 day))::date as usage_date,
        (last_day - usage_date) + 1 as days,
        usage_date as first_day
    from row_costs
),

placed as (
    select
        *,
        (usage_date - first_day) + 1 as day_number
    from spread
    where usage_date in (select days.usage_date from days)
),

shares as (
    select
        * exclude (
            billed_cost, estimated_cost_usd, list_cost, tax, input_tokens, cached_input_tokens, cache_write_tokens,
            output_tokens, requests, sessions
        ),
        case when days = 1 then billed_cost else from_units(day_share(in_units(billed_cost), day_number, days)) end
            as billed_cost,
        case
            when days = 1 then estimated_cost_usd
            else from_units(day_share(in_units(estimated_cost_usd), day_number, days))
        end as estimated_cost_usd,
        case when days = 1 then list_cost else from_units(day_share(in_units(list_cost), day_number, days)) end
            as list_cost,
        case when days = 1 then tax else from_units(day_share(in_units(tax), day_number, days)) end as tax,
        case when carries_counts then day_share(input_tokens, day_number, days) end as input_tokens,
        case when carries_counts then day_share(cached_input_tokens, day_number, days) end as cached_input_tokens,
        case when carries_counts then day_share(cache_write_tokens, day_number, days) end as cache_write_tokens,
        case when carries_counts then day_share(output_tokens, day_number, days) end as output_tokens,
        case when carries_counts then day_share(requests, day_number, days) end as requests,
        case when carries_counts then day_share(sessions, day_number, days) end as sessions
    from placed
),

converted as (
    select
        shares.*,
        day_rates.usd_per_unit,
        day_rates.rate_date,
        day_rates.is_stale,
        case
            when charge_rule = 'included' then 'included'
            when charge_rule <> 'none' then 'billed'
            when carries_counts and is_covered then 'covered'
            when not has_tokens and estimated_cost_usd is null then 'none'
            when is_billed or bills_by = 'charges' then 'covered'
            when
                bills_by = 'reports'
                and (report_bills.first_report <> shares.report or report_bills.last_report <> shares.report)
                then 'covered'
            when estimated_cost_usd is not null then 'estimated'
            else 'unpriced'
        end as cost_basis,
        case
            when shares.currency = 'USD' then estimated_cost_usd
            else converted(estimated_cost_usd, day_rates.units_per_usd)
        end as estimated_cost
    from shares
    left join day_rates on shares.currency = day_rates.currency and shares.usage_date = day_rates.usage_date
    left join report_bills
        on shares.account_id = report_bills.account_id and shares.usage_date = report_bills.usage_date
)

select
    usage_date,
    usage_key,
    part,
    account_id,
    integration,
    report,
    window_start,
    row_id,
    provider,
    model,
    surface,
    user_key,
    coalesce(nullif(trim(product_id), ''), '(none)') as product_id,
    coalesce(nullif(trim(metric_name), ''), '(none)') as metric_name,
    coalesce(nullif(trim(organization_id), ''), '(none)') as organization_id,
    workspace_id,
    resource_id,
    price_context,
    currency,
    case
        when cost_basis in ('billed', 'included') then billed_cost
        when cost_basis = 'estimated' then estimated_cost
    end as cost,
    billed_cost,
    estimated_cost,
    estimated_cost_usd,
    list_cost,
    tax,
    case
        when currency = 'USD' then cost
        when cost_basis in ('billed', 'included') then converted(billed_cost, usd_per_unit)
        when cost_basis = 'estimated' and usd_per_unit is not null then estimated_cost_usd
    end as cost_usd,
    cost_basis,
    case when cost_basis = 'estimated' then 'price_book' else charge_rule end as cost_rule,
    case when is_long then 'prorated' else 'exact' end as allocation,
    not loads.is_final as is_provisional,
    usd_per_unit as fx_rate,
    rate_date as fx_date,
    is_stale as fx_stale,
    price_book,
    input_tokens,
    cached_input_tokens,
    cache_write_tokens,
    output_tokens,
    requests,
    sessions
from converted
inner join loads using (account_id, report, window_start, window_end)
