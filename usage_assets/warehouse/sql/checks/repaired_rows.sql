-- grain: one loaded window with rows whose texts hold half a character, loaded with a replacement character
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'repaired_rows'
order by window_start desc, account_id, report
