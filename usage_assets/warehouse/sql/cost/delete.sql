-- the days about to be derived, in cost
-- key: usage_date
delete from cost where usage_date in (select usage_date from days)
