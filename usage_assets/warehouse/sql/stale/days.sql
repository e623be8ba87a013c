-- grain: one day on which a table is stale
-- key: usage_date
select usage_date from bookkeeping.stale_days
where table_name = $table
