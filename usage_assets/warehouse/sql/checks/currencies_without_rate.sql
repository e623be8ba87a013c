-- grain: one currency of an account with cost that has no rate to USD
-- key: account_id, currency
select
    account_id,
    currency,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount
from bookkeeping.cost_findings
where check_name = 'currencies_without_rate'
group by account_id, currency
order by account_id, currency
