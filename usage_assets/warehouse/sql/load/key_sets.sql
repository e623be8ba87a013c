-- grain: one set of members of the groups in which token counts may stand, with one row that has it
-- key: token_root, and the set
with bearers as (
    select
        token_root,
        case token_root when 'usage' then usage_json else remote_json end as bearer
    from valid_rows
    where token_root is not null
)

select
    token_root,
    any_value(bearer)::varchar as example
from bearers
where bearer is not null
group by token_root, hash(json_keys(bearer, $groups))
