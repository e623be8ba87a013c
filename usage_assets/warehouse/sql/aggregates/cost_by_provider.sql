-- grain: one day of an account, provider, currency
-- key: usage_date, account_id, provider, currency
insert into cost_by_provider by name
select
    usage_date,
    account_id,
    any_value(integration) as integration,
    provider,
    currency,
    sum(cost) as cost,
    sum(billed_cost) as billed_cost,
    sum(estimated_cost) as estimated_cost,
    sum(list_cost) as list_cost,
    sum(tax) as tax,
    sum(cost_usd) as cost_usd,
    sum(cost) filter (where is_provisional) as provisional_cost,
    sum(input_tokens)::bigint as input_tokens,
    sum(cached_input_tokens)::bigint as cached_input_tokens,
    sum(cache_write_tokens)::bigint as cache_write_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(requests)::bigint as requests,
    count(*) filter (where is_first_day) as usage_rows,
    count(*) filter (where cost_basis = 'unpriced') as unpriced_rows,
    count(*) filter (where is_unconverted) as unconverted_rows
from cost_lines
group by usage_date, account_id, provider, currency
