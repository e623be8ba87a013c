-- grain: one window whose landing file was damaged and of which the warehouse holds no earlier load, in a month
-- key: account_id, report, window_start, window_end
select
    strftime(aside.window_start, '%Y-%m') as month,
    aside.account_id,
    aside.window_start
from bookkeeping.windows_set_aside as aside
anti join loads using (account_id, report, window_start, window_end)
where aside.sha256 is null
order by aside.window_start desc, aside.account_id
