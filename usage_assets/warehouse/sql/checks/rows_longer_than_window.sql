-- grain: one loaded window with rows that last longer than their request window
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'rows_longer_than_window'
order by window_start desc, account_id, report
