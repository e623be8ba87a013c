-- grain: the first and last day of a row that has a new price
-- key: first_day, last_day
select distinct
    usage.usage_date as first_day,
    last_day_of(usage.start_at, usage.end_at, usage.fetched_at) as last_day
from usage
inner join new_prices using (provider, model, usage_date)
