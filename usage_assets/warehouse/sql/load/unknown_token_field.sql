-- grain: one window with a field that looks like a token count and that no path of the profile reads
-- key: check_name, account_id, report, window_start, window_end, subject
insert into bookkeeping.load_findings by name
with objects as (
    select
        *,
        case token_root when 'usage' then usage_json else remote_json end as token_object
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
    sum(try_cast(json_extract_string(token_object, $json_path) as bigint))::hugeint as tokens
from objects
where json_type(token_object, $json_path) in ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')
group by all
