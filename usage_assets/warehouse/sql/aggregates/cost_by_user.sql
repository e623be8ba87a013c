-- grain: one day of an account, provider, user_key, currency
-- key: usage_date, account_id, provider, user_key, currency
insert into cost_by_user by name
with people as (
    select
        usage_date,
        account_id,
        user_key,
        first(user_email order by start_at desc, usage_key) filter (where user_email is not null) as user_email,
        first(user_name order by start_at desc, usage_key) filter (where user_name is not null) as user_name
    from usage
    where usage_date in (select days.usage_date from days) and user_key <> '(none)'
    group by usage_date, account_id, user_key
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
        count(*) filter (where is_unconverted) as unconverted_rows
    from cost_lines
    group by usage_date, account_id, provider, user_key, currency
)

select
    sums.*,
    coalesce(
        people.user_email,
        case
            when sums.user_key <> '(none)' and not starts_with(sums.user_key, sums.account_id || ':')
                then sums.user_key
        end
    ) as user_email,
    people.user_name
from sums
left join people
    on
        sums.usage_date = people.usage_date
        and sums.account_id = people.account_id
        and sums.user_key = people.user_key
