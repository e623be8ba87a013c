-- deletes: the entries of the windows of a load in `loads`
-- key: account_id, report, window_start, window_end
delete from loads
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from load_windows
)
