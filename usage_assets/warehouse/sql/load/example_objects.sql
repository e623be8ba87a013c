-- grain: one distinct set of members of objects that may hold token counts, and of their groups, with an example
-- key: token_root, and the set
with objects as (
    select
        token_root,
        case token_root when 'usage' then usage_json else remote_json end as token_object
    from valid_rows
    where token_root is not null
)

select
    token_root,
    any_value(token_object)::varchar as example
from objects
where token_object is not null
group by token_root, hash(json_keys(token_object, $groups))
