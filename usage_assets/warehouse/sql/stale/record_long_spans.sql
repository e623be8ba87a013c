-- grain: the first and last day of a row of several days in the windows just loaded
-- key: first_day, last_day
insert into bookkeeping.long_spans
select distinct
    usage_date as first_day,
    last_day
from valid_rows
where last_day > usage_date
except
select * from bookkeeping.long_spans
