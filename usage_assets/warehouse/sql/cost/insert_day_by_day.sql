-- grain: one row of the API, in one currency, on one day, in the order of days
-- key: usage_key, currency, usage_date
insert into cost by name select * from costed order by usage_date
