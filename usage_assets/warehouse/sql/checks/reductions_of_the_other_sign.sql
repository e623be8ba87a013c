-- grain: one account's discounts or credits that stand alone and take back, by currency; `amount` is what they add
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
where check_name = 'reductions_of_the_other_sign'
group by account_id, subject, currency
order by account_id, type, currency
