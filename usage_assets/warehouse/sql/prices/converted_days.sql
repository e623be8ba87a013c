-- grain: the rate that `cost` has for one currency on a day of the range
-- key: usage_date, currency
select distinct
    usage_date,
    currency,
    fx_rate,
    fx_date,
    fx_stale
from cost
where usage_date between $first_day and $last_day and currency <> 'USD'
order by usage_date, currency
