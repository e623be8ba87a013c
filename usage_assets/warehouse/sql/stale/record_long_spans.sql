-- grain: the first and last day of a row of more than 24 hours in the windows just loaded
-- key: first_day, last_day
insert into bookkeeping.long_spans
select distinct
    start_at::date as first_day,
    last_day_of(start_at, end_at, fetched_at) as last_day
from valid_rows
where end_at - start_at > interval 24 hours
except
select * from bookkeeping.long_spans
