-- grain: one currency of an account with cost converted at a stale rate, by the day of the rate
-- key: account_id, rate, currency
select
    account_id,
    subject as rate,
    currency,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount
from bookkeeping.cost_findings
where check_name = 'stale_rates'
group by account_id, subject, currency
order by account_id, rate, currency
