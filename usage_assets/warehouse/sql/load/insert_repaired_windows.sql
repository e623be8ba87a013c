-- grain: one window with rows that were repaired before they were read
-- key: check_name, account_id, report, window_start, window_end
insert into bookkeeping.load_findings by name
select
    'repaired_rows' as check_name,
    windows.account_id,
    windows.report,
    windows.window_start,
    windows.window_end,
    repaired_windows.affected_rows
from repaired_windows
inner join batch_windows as windows on repaired_windows.window_number = windows.window_number
