-- grain: one account's product with a total beside rows of its parts, by currency; `amount` is the cost that counts twice
-- key: account_id, product_id, currency
select
    account_id,
    subject as product_id,
    currency,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount
from bookkeeping.cost_findings
where check_name = 'charges_spread_over_rows'
group by account_id, subject, currency
order by last_day desc, account_id, product_id, currency
