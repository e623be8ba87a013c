-- the rows of the days being derived; `aggregate` stands for a table of our own
-- key: usage_date
delete from aggregate
where usage_date in (select usage_date from days)
