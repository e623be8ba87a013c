-- grain: an account's product on a day with charged rows without tokens and token rows without charges; `amount` is
-- the estimated cost of the tokens; key: usage_date, account_id, product_id
select
    usage_date,
    account_id,
    subject as product_id,
    currency,
    affected_rows,
    amount
from bookkeeping.cost_findings
where check_name = 'bill_and_tokens_twice'
order by usage_date desc, account_id, product_id
