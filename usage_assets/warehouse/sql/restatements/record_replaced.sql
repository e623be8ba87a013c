-- grain: one window about to be replaced, unless an earlier load noted it already
-- key: account_id, report, window_start, window_end
insert into bookkeeping.replaced_windows
select
    windows.account_id,
    windows.report,
    windows.window_start,
    windows.window_end,
    loads.sha256 is not null as was_loaded,
    $now::timestamp as replaced_at
from windows_to_load as windows
left join loads using (account_id, report, window_start, window_end)
anti join bookkeeping.replaced_windows using (account_id, report, window_start, window_end)
