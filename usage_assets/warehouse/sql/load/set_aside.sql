-- grain: one window of which nothing can be loaded
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    window_end,
    sha256
from bookkeeping.windows_set_aside
