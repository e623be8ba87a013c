-- deletes: the rows of the days being derived; the name of a table replaces `aggregate`
-- key: usage_date
delete from aggregate
where usage_date in (select usage_date from days)
