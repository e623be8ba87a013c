-- grain: one loaded window with rows that start outside it, by the currency of their charges
-- key: account_id, report, window_start, window_end, currency
select
    account_id,
    report,
    window_start,
    currency,
    affected_rows,
    amount
from bookkeeping.load_findings
where check_name = 'rows_of_other_windows'
order by window_start desc, account_id, currency
