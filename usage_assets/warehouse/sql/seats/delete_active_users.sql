-- deletes: the active people of the days being derived
-- key: usage_date
delete from bookkeeping.active_users
where usage_date in (select days.usage_date from days)
