-- grain: one window with a field that looks like a token count and is in no path of the profile
-- key: check_name, account_id, report, window_start, window_end, subject
insert into bookkeeping.load_findings by name
with bearers as (
    select
        *,
        case token_root when 'usage' then usage_json else remote_json end as bearer
    from valid_rows
    where token_root = $token_root
)

select
    'unknown_token_fields' as check_name,
    account_id,
    report,
    window_start,
    window_end,
    $path as subject,
    count(*) as affected_rows,
    sum(try_cast(json_extract_string(bearer, $json_path) as bigint))::hugeint as tokens
from bearers
where json_type(bearer, $json_path) in ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')
group by all
