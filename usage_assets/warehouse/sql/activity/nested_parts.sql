-- grain: one object or list at one of the given places of a row of an integration
-- key: none
with found as (
    select
        usage_date,
        account_id,
        provider,
        surface,
        user_key,
        unnest($places::integer[]) as place,
        unnest(json_extract(usage_json, $paths::varchar[])::varchar[]) as text
    from activity_rows
    where
        usage_date = $day
        and integration = $integration
        and ($slow_shapes is null or activity_shape(usage_json, $groups::varchar[]) not in $slow_shapes::ubigint[])
)

select *
from found
where starts_with(text, '{') or starts_with(text, '[')
