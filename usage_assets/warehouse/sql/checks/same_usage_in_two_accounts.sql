-- grain: two accounts of one integration that hold the same rows, by currency; `amount` is the cost that counts twice
-- key: account_id, other_account_id, currency
select
    account_id,
    subject as other_account_id,
    currency,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    count(distinct usage_date) as days,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount,
    sum(tokens)::hugeint as tokens
from bookkeeping.cost_findings
where check_name = 'same_usage_in_two_accounts'
group by account_id, subject, currency
order by last_day desc, account_id, other_account_id, currency
