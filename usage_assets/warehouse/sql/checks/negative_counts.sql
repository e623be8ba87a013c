-- grain: one loaded window with rows that have a token count below zero
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'negative_counts'
order by window_start desc, account_id, report
