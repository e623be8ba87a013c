-- grain: one member of the objects in which token counts may stand
-- key: its name
select distinct unnest(json_keys(case token_root when 'usage' then usage_json else remote_json end)) as member
from keyed
where token_root is not null
order by member
