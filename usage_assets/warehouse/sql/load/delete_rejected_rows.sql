-- the windows about to be loaded, in rejected_rows
-- key: account_id, report, window_start, window_end
delete from rejected_rows
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from windows_to_load
)
