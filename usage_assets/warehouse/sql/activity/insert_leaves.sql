-- grain: one number of some rows of an integration, on a day of an account, provider, surface, user_key
-- key: none
insert into activity_values
with leaves as (
    select
        * exclude (number),
        numbers_in([number])[1] as number
    from activity_leaves
)

select
    usage_date,
    account_id,
    $integration as integration,
    provider,
    surface,
    user_key,
    metric,
    case when metric in $maxima::varchar[] then max(number) else sum(number) end as number,
    metric in $maxima::varchar[] as is_maximum
from leaves
where number is not null
group by usage_date, account_id, provider, surface, user_key, metric
