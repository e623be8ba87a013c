-- grain: one landed window of which nothing can be loaded, so that it keeps its earlier rows
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    reason
from bookkeeping.windows_set_aside
order by window_start desc, account_id, report
