-- grain: a currency on a day of which no better rate than a stale one is recorded; without a line in `exchange_rates`,
-- as after an older version of this program, the day of that rate is NULL
-- key: usage_date, currency
select
    usage_date,
    currency,
    rate_date
from exchange_rates
where is_stale
union all by name
select distinct
    cost_findings.usage_date,
    cost_findings.currency,
    null::date as rate_date
from bookkeeping.cost_findings
anti join exchange_rates using (usage_date, currency)
where cost_findings.check_name = 'stale_rates'
order by all
