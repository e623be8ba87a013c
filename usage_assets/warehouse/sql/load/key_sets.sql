-- grain: one set of members of the groups in which token counts may stand, with one row that has it
-- key: token_root, and the set
select
    token_root,
    any_value(token_json)::varchar as example
from keyed
where token_json is not null
group by token_root, hash(json_keys(token_json, $groups))
