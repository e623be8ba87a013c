-- deletes: the stale days of one table
-- key: usage_date
delete from bookkeeping.stale_days
where table_name = $table
