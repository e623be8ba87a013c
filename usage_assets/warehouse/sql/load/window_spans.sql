-- grain: the first and last day of a row of the windows being loaded
-- key: first_day, last_day
select distinct
    usage.usage_date as first_day,
    usage.last_day
from usage
inner join load_windows using (account_id, report, window_start, window_end)
where usage.usage_date >= $first_day and usage.usage_date < $end_day
