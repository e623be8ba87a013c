-- grain: one loaded window with rows whose count is not a whole number below 1e15; the load reads it as missing
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'unreadable_counts'
order by window_start desc, account_id, report
