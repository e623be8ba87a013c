-- grain: one start day of rows that may touch one of the days
-- key: usage_date
create or replace temp table start_days as
select distinct long_spans.first_day as usage_date
from bookkeeping.long_spans
inner join days on days.usage_date between long_spans.first_day and long_spans.last_day
union
select days.usage_date from days
