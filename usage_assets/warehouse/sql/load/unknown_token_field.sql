-- grain: one window with a field that looks like a token count and is in no path of the profile
-- key: check_name, account_id, report, window_start, window_end, subject
insert into bookkeeping.load_doubts by name
select
    'unknown_token_fields' as check_name,
    account_id,
    report,
    window_start,
    window_end,
    $path as subject,
    count(*) as doubtful_rows,
    sum(count_of(json_extract_string(token_json, $json_path)))::hugeint as tokens
from keyed
where
    token_root = $token_root
    and json_type(token_json, $json_path) in ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')
group by all
