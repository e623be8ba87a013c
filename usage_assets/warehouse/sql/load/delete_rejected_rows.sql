-- deletes: the rejected rows of the windows of a load
-- key: account_id, report, window_start, window_end
delete from rejected_rows
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from load_windows
)
