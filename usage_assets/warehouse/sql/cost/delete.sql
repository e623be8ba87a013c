-- deletes: the cost rows of the days being derived
-- key: usage_date
delete from cost where usage_date in (select usage_date from days)
