-- grain: the recorded rate of a currency on a day of the step
-- key: usage_date, currency
select
    currency,
    usage_date,
    usd_per_unit,
    units_per_usd,
    rate_date,
    is_stale
from exchange_rates
where usage_date in (select days.usage_date from days)
order by usage_date, currency
