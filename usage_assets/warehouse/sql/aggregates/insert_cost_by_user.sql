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
)

select
    aggregate_sums.*,
    coalesce(
        people.user_email,
        case
            when
                aggregate_sums.user_key <> '(none)'
                and not starts_with(aggregate_sums.user_key, aggregate_sums.account_id || ':')
                then aggregate_sums.user_key
        end
    ) as user_email,
    people.user_name
from aggregate_sums
left join people
    on
        aggregate_sums.usage_date = people.usage_date
        and aggregate_sums.account_id = people.account_id
        and aggregate_sums.user_key = people.user_key
