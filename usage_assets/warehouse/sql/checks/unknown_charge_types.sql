-- grain: one charge type of an account without a rule, by currency
-- key: account_id, type, currency
select
    account_id,
    subject as type,
    currency,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount
from bookkeeping.cost_findings
where check_name = 'unknown_charge_types'
group by account_id, subject, currency
order by account_id, type, currency
