-- the rows of the days being derived; `aggregate` is replaced by the table
-- key: usage_date
delete from aggregate
where usage_date in (select usage_date from days)
