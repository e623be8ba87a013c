-- deletes: the former cost of all replaced windows, after their cost is derived
-- key: account_id, report, window_start, window_end, currency
delete from bookkeeping.cost_before
