-- grain: the maximum of one number of an integration's rows, on a day of an account, provider, surface, user_key
-- key: none
insert into activity_values
with lines as (
    select
        usage_date,
        account_id,
        provider,
        surface,
        user_key,
        unnest($metrics::varchar[]) as metric,
        unnest(numbers_in(json_extract(usage_json, $paths::varchar[]))) as number
    from activity_rows
    where
        integration = $integration
        and ($slow_shapes is null or activity_shape(usage_json, $groups::varchar[]) not in $slow_shapes::ubigint[])
)

select
    usage_date,
    account_id,
    $integration as integration,
    provider,
    surface,
    user_key,
    metric,
    max(number) as number,
    true as is_maximum
from lines
where number is not null
group by usage_date, account_id, provider, surface, user_key, metric
