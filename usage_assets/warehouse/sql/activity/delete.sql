-- deletes: the rows of the days being derived
-- key: usage_date
delete from activity_by_user
where usage_date in (select days.usage_date from days)
