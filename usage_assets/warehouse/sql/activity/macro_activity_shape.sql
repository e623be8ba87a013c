-- a number for the members of some objects of a `usage` object, and its objects and lists
-- key: none
create or replace temp macro activity_shape(usage_json, groups) as
hash(json_keys(usage_json, groups), object_count(usage_json), contains(usage_json::varchar, '['))
