-- grain: one currency of an account that has cost without a rate to USD
-- key: account_id, currency
select
    account_id,
    currency,
    sum(cost) as cost,
    sum(unconverted_rows)::bigint as unconverted_rows,
    min(usage_date) as first_day,
    max(usage_date) as last_day
from cost_by_account
where unconverted_rows > 0
group by account_id, currency
order by account_id, currency
