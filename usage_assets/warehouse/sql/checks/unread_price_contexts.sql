-- grain: one price context of an account's model that no rule of the profile reads; `amount` is the cost of its tokens at
-- the standard price; key: account_id, context
select
    account_id,
    subject as context,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    currency,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount,
    sum(tokens)::hugeint as tokens
from bookkeeping.cost_findings
where check_name = 'unread_price_contexts'
group by account_id, subject, currency
order by account_id, context
