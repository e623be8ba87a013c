-- deletes: the projections of the days of the step, and those outside the days that can be projected
-- key: usage_date
delete from spend_projection
where
    usage_date in (select days.usage_date from days)
    or usage_date not between $first_day::date and $last_day::date
