-- deletes: what was recorded about windows that a load replaces now
-- key: account_id, report, window_start, window_end
delete from bookkeeping.windows_set_aside
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from load_windows
)
