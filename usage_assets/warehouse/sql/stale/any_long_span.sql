-- grain: at most one row, if a row of several days touches one of the days
-- key: none
select 1
from bookkeeping.long_spans
inner join days on days.usage_date between long_spans.first_day and long_spans.last_day
limit 1
