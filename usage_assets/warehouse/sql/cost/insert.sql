-- grain: one part of a row of the API, in one currency, on the one day that is derived
-- key: usage_key, part, currency, usage_date
insert into cost by name select * from costed
