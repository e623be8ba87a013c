-- grain: one cost row of the days being derived and one line of the rule that matches it; one line where none matches
-- key: usage_key, part, currency, usage_date, line
create or replace temp view team_lines as
with team_rows as (
    select
        ruled_lines.* exclude (rule),
        rule_shares.* exclude (rule),
        rule_shares.weight is not null as is_shared
    from ruled_lines
    left join rule_shares on ruled_lines.rule = rule_shares.rule
),

-- Step by step, because a macro repeats its arguments, and an amount would become text many times.
units as (
    select
        *,
        case when is_shared then in_units(cost) end as cost_units,
        case when is_shared then in_units(billed_cost) end as billed_cost_units,
        case when is_shared then in_units(estimated_cost) end as estimated_cost_units,
        case when is_shared then in_units(list_cost) end as list_cost_units,
        case when is_shared then in_units(tax) end as tax_units,
        case when is_shared then in_units(cost_usd) end as cost_usd_units
    from team_rows
),

parts as (
    select
        *,
        share_of_rule(cost_units, weight, other_weights) as cost_part,
        share_of_rule(billed_cost_units, weight, other_weights) as billed_cost_part,
        share_of_rule(estimated_cost_units, weight, other_weights) as estimated_cost_part,
        share_of_rule(list_cost_units, weight, other_weights) as list_cost_part,
        share_of_rule(tax_units, weight, other_weights) as tax_part,
        share_of_rule(cost_usd_units, weight, other_weights) as cost_usd_part,
        share_of_rule(input_tokens::hugeint, weight, other_weights)::bigint as input_tokens_part,
        share_of_rule(cached_input_tokens::hugeint, weight, other_weights)::bigint as cached_input_tokens_part,
        share_of_rule(cache_write_tokens::hugeint, weight, other_weights)::bigint as cache_write_tokens_part,
        share_of_rule(output_tokens::hugeint, weight, other_weights)::bigint as output_tokens_part,
        share_of_rule(requests::hugeint, weight, other_weights)::bigint as requests_part
    from units
)

select
    usage_date,
    usage_key,
    part,
    account_id,
    integration,
    provider,
    model,
    surface,
    user_key,
    product_id,
    metric_name,
    organization_id,
    workspace_id,
    resource_id,
    currency,
    coalesce(team, '(none)') as team,
    coalesce(cost_centre, '(none)') as cost_centre,
    line,
    case when is_shared then from_units(cost_part) else cost end as cost,
    case when is_shared then from_units(billed_cost_part) else billed_cost end as billed_cost,
    case when is_shared then from_units(estimated_cost_part) else estimated_cost end as estimated_cost,
    case when is_shared then from_units(list_cost_part) else list_cost end as list_cost,
    case when is_shared then from_units(tax_part) else tax end as tax,
    case when is_shared then from_units(cost_usd_part) else cost_usd end as cost_usd,
    allocation,
    is_provisional,
    case when is_shared then input_tokens_part else input_tokens end as input_tokens,
    case when is_shared then cached_input_tokens_part else cached_input_tokens end as cached_input_tokens,
    case when is_shared then cache_write_tokens_part else cache_write_tokens end as cache_write_tokens,
    case when is_shared then output_tokens_part else output_tokens end as output_tokens,
    case when is_shared then requests_part else requests end as requests,
    coalesce(is_first, true) as is_first_line,
    is_first_line and counts_row as counts_row,
    is_first_line and cost_basis = 'unpriced' as is_unpriced,
    is_first_line and is_unconverted as is_unconverted
from parts
