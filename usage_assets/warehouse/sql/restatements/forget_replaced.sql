-- deletes: all replaced windows, after their cost is derived
-- key: account_id, report, window_start, window_end
delete from bookkeeping.replaced_windows
