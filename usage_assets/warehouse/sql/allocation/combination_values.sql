-- grain: the values of one combination, and last the first day of its period, in the order of their numbers
-- key: all columns
select
    * exclude (period_start, combination),
    period_start
from combinations
order by combination
