-- the days about to be derived, in cost_by_surface
-- key: usage_date
delete from cost_by_surface where usage_date in (select usage_date from days)
