-- the windows about to be loaded, in load_findings
-- key: account_id, report, window_start, window_end
delete from bookkeeping.load_findings
where (account_id, report, window_start, window_end) in (
    select (account_id, report, window_start, window_end) from windows_to_load
)
