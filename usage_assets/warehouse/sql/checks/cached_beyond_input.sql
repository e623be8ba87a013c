-- grain: one loaded window with rows that have a count less than the counts that it should include, such as an input
-- with more cached tokens; the load reads it as not including them; key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    affected_rows
from bookkeeping.load_findings
where check_name = 'cached_beyond_input'
order by window_start desc, account_id, report
