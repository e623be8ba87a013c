-- grain: one loaded window with rows whose dimension is not an object; the load reads it as missing
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'dimensions_of_other_shape'
order by window_start desc, account_id, report
