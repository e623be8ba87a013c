-- deletes: the complete days by which unusual days were found before
-- key: account_id, usage_date
delete from bookkeeping.judged_days
