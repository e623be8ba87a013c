-- grain: one combination of the members of some objects, in the rows of an integration
-- key: integration, shape
select
    integration,
    activity_shape(usage_json, $groups::varchar[]) as shape,
    any_value(json_keys(usage_json, $groups::varchar[])) as members,
    any_value(object_count(usage_json)) as objects,
    bool_or(contains(usage_json::varchar, '[')) as has_lists,
    count(*) as shape_rows
from activity_rows
where $integration is null or integration = $integration
group by integration, shape
order by integration, shape_rows desc, shape
