-- grain: one account's day and currency with rows whose total and parts differ; `amount` is the difference
-- key: usage_date, account_id, currency
select
    usage_date,
    account_id,
    currency,
    affected_rows,
    amount
from bookkeeping.cost_findings
where check_name = 'components_that_disagree'
order by usage_date desc, account_id, currency
