-- grain: one member of the objects in which token counts may stand
-- key: its name
select distinct unnest(json_keys(token_json)) as member
from keyed
where token_json is not null
order by member
