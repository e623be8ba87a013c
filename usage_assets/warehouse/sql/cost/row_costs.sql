-- grain: one part of a row of the API in one currency, before it is split over days
-- key: usage_key, part, currency
create or replace temp table row_costs as
with touching as (
    select
        usage.rowid as usage_row,
        usage.usage_date,
        usage.last_day,
        usage_key,
        usage.account_id,
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
        single_id(distinct_ids(list_transform(resources, lambda used: used.workspace.id))) as workspace_id,
        single_id(distinct_ids(list_transform(resources, lambda used: used.id))) as resource_id,
        price_context,
        is_covered,
        input_tokens,
        cached_input_tokens,
        cache_write_tokens,
        output_tokens,
        requests,
        sessions,
        usage.last_day > usage.usage_date as is_long
    from usage
    anti join bookkeeping.ignored_days as ignored
        on
            usage.account_id = ignored.account_id
            and usage.usage_date >= ignored.first_day
            and usage.usage_date <= ignored.last_day
    where
        usage.usage_date in (select start_days.usage_date from start_days)
        and usage.last_day >= $first_day
),

parts as (
    select
        touching.* exclude (model, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, requests, sessions),
        coalesce(part_estimates.part, 1) as part,
        coalesce(nullif(part_estimates.model, '(none)'), touching.model) as model,
        coalesce(part_estimates.has_tokens, false) as has_tokens,
        coalesce(part_estimates.is_one_of_several, false) as is_one_of_several,
        part_estimates.estimated_cost_usd,
        part_estimates.price_book,
        case when part_estimates.is_one_of_several then part_estimates.input_tokens else touching.input_tokens end as input_tokens,
        case when part_estimates.is_one_of_several then part_estimates.cached_input_tokens else touching.cached_input_tokens end
            as cached_input_tokens,
        case when part_estimates.is_one_of_several then part_estimates.cache_write_tokens else touching.cache_write_tokens end
            as cache_write_tokens,
        case when part_estimates.is_one_of_several then part_estimates.output_tokens else touching.output_tokens end as output_tokens,
        case when coalesce(part_estimates.part, 1) = 1 then touching.requests end as requests,
        case when coalesce(part_estimates.part, 1) = 1 then touching.sessions end as sessions
    from touching
    left join part_estimates on touching.usage_row = part_estimates.usage_row
)

select
    parts.* exclude (usage_row, is_one_of_several, has_tokens, estimated_cost_usd, price_book),
    coalesce(integration_rules.bills_by, $bills_by) as bills_by,
    coalesce(charge_sums.currency, 'USD') as currency,
    coalesce(charge_sums.charge_rule, 'none') as charge_rule,
    case when parts.is_one_of_several then part_charges.billed_cost else charge_sums.billed_cost end as billed_cost,
    case when parts.is_one_of_several then part_charges.list_cost else charge_sums.list_cost end as list_cost,
    case when parts.is_one_of_several then part_charges.tax else charge_sums.tax end as tax,
    coalesce(charge_sums.is_billed, false) as is_billed,
    coalesce(charge_sums.is_billed, false) and not parts.has_tokens as is_bill_without_tokens,
    coalesce(charge_sums.carries_counts, true) as carries_counts,
    coalesce(charge_sums.carries_counts, true) and parts.has_tokens as has_tokens,
    case when coalesce(charge_sums.carries_counts, true) then parts.estimated_cost_usd end as estimated_cost_usd,
    case when coalesce(charge_sums.carries_counts, true) and parts.estimated_cost_usd is not null then parts.price_book end
        as price_book
from parts
left join charge_sums on parts.usage_key = charge_sums.usage_key
left join part_charges
    on parts.usage_row = part_charges.usage_row
    and parts.part = part_charges.part
    and charge_sums.currency = part_charges.currency
left join integration_rules on parts.integration = integration_rules.integration
