-- deletes: the rows outside their window of the windows of a load
-- key: account_id, report, window_start, window_end
delete from bookkeeping.outside_rows
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from load_windows
)
