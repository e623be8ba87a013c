-- grain: one account's day with cost in a currency that has no rate to USD that day
-- key: usage_date, account_id, currency
insert into bookkeeping.cost_findings by name
select
    'currencies_without_rate' as check_name,
    usage_date,
    account_id,
    currency,
    count(*) as affected_rows,
    sum(abs(cost)) as amount
from cost
where
    usage_date in (select days.usage_date from days)
    and cost_basis in ('billed', 'included', 'estimated')
    and cost_usd is null
group by all
