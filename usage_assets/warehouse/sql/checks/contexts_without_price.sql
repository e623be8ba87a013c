-- grain: one model in a price context for which the price book has only its standard price; `amount` is their estimate
-- key: model
select
    subject as model,
    currency,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount,
    sum(tokens)::hugeint as tokens
from bookkeeping.cost_findings
where check_name = 'contexts_without_price'
group by subject, currency
order by amount desc nulls last, model
