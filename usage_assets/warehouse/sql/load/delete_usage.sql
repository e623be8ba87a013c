-- the windows about to be loaded, in usage
-- key: account_id, report, window_start, window_end
delete from usage
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from windows_to_load
)
