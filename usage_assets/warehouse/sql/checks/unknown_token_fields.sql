-- grain: one field of an account and report that looks like a token count and that no path of the profile reads
-- key: account_id, report, field
select
    account_id,
    report,
    subject as field,
    min(window_start) as first_window,
    max(window_start) as last_window,
    sum(affected_rows)::bigint as affected_rows,
    sum(tokens)::hugeint as tokens
from bookkeeping.load_findings
where check_name = 'unknown_token_fields'
group by account_id, report, subject
order by last_window desc, account_id, field
