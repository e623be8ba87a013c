-- grain: one of the given places at which a row of an integration has an object or a list, with an example
-- key: place
with found as (
    select json_extract(usage_json, $paths::varchar[])::varchar[] as texts
    from activity_rows
    where
        integration = $integration
        and ($slow_shapes is null or activity_shape(usage_json, $groups::varchar[]) not in $slow_shapes::ubigint[])
),

places as (
    select
        unnest(generate_series(1, len(texts))) as place,
        unnest(texts) as text
    from found
)

select
    place,
    first(text order by strlen(text) desc, text) as example
from places
where starts_with(text, '{') or starts_with(text, '[')
group by place
order by place
