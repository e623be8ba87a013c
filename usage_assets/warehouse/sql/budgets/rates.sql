-- grain: the recorded rate of a currency on a day of cost
-- key: currency, usage_date
select
    currency,
    usage_date,
    units_per_usd
from exchange_rates
where currency in (select unnest($currencies::varchar[]))
