-- grain: one usage row whose members have names that no path is made of
-- key: none
select
    usage_date,
    account_id,
    provider,
    surface,
    user_key,
    0 as place,
    usage_json::varchar as text
from activity_rows
where
    usage_date = $day
    and integration = $integration
    and activity_shape(usage_json, $groups::varchar[]) in $slow_shapes::ubigint[]
