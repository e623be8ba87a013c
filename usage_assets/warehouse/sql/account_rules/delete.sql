-- deletes: all spans of days that do not count, before those of the present file are inserted
-- key: account_id, first_day, last_day, reason
delete from bookkeeping.ignored_days
