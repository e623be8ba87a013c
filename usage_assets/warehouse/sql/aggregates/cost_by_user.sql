-- grain: one day of an account, provider, user_key, currency
-- key: usage_date, account_id, provider, user_key, currency
insert into cost_by_user by name
with people as (
    select
        account_id,
        user_key,
        arg_max(user_email, last_day) as user_email,
        arg_max(user_name, last_day) as user_name
    from users
    group by account_id, user_key
),

sums as (
    select
        usage_date,
        account_id,
        any_value(integration) as integration,
        provider,
        user_key,
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
        count(*) filter (where cost is not null and cost_usd is null) as unconverted_rows
    from cost_lines
    group by usage_date, account_id, provider, user_key, currency
)

select
    sums.*,
    people.user_email,
    people.user_name
from sums
left join people on sums.account_id = people.account_id and sums.user_key = people.user_key
