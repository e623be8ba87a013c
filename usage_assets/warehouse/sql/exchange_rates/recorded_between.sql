-- grain: the recorded rate of a currency on a day of the range
-- key: usage_date, currency
select
    usage_date,
    currency,
    usd_per_unit,
    rate_date,
    is_stale
from exchange_rates
where usage_date between $first_day and $last_day
order by usage_date, currency
