-- grain: one window of a load, unless an earlier load recorded it
-- key: account_id, report, window_start, window_end
insert into bookkeeping.replaced_windows
select
    windows.account_id,
    windows.report,
    windows.window_start,
    windows.window_end,
    loads.sha256 is not null as was_loaded,
    $now::timestamp as replaced_at
from load_windows as windows
left join loads using (account_id, report, window_start, window_end)
anti join bookkeeping.replaced_windows using (account_id, report, window_start, window_end)
