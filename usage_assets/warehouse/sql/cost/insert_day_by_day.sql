-- grain: one part of a row of the API, in one currency, on one day, in the order of days
-- key: usage_key, part, currency, usage_date
insert into cost by name select * from costed order by usage_date
