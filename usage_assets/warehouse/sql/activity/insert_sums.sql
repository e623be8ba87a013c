-- grain: the sum of one of up to 24 numbers of an integration's rows, on a day of an account, provider, surface, user_key
-- key: none; speed: the numbers are added before they become lines
insert into activity_values
with numbers as (
    select
        usage_date,
        account_id,
        provider,
        surface,
        user_key,
        numbers_in(json_extract(usage_json, $paths::varchar[])) as found
    from activity_rows
    where
        integration = $integration
        and ($slow_shapes is null or activity_shape(usage_json, $groups::varchar[]) not in $slow_shapes::ubigint[])
),

sums as (
    select
        usage_date,
        account_id,
        provider,
        surface,
        user_key,
        [
            sum(found[1]), sum(found[2]), sum(found[3]), sum(found[4]), sum(found[5]), sum(found[6]),
            sum(found[7]), sum(found[8]), sum(found[9]), sum(found[10]), sum(found[11]), sum(found[12]),
            sum(found[13]), sum(found[14]), sum(found[15]), sum(found[16]), sum(found[17]), sum(found[18]),
            sum(found[19]), sum(found[20]), sum(found[21]), sum(found[22]), sum(found[23]), sum(found[24])
        ] as totals
    from numbers
    group by usage_date, account_id, provider, surface, user_key
),

lines as (
    select
        * exclude (totals),
        unnest($metrics::varchar[]) as metric,
        unnest(totals[:len($metrics::varchar[])]) as number
    from sums
)

select
    usage_date,
    account_id,
    $integration as integration,
    provider,
    surface,
    user_key,
    metric,
    number,
    false as is_maximum
from lines
where number is not null
