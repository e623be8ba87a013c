-- grain: one loaded window with rows whose cached tokens exceed an input that should include them, so the load reads
-- the input as excluding them; key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'cached_beyond_input'
order by window_start desc, account_id, report
