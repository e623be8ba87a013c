-- grain: one account's day with cost converted at a stale rate
-- key: usage_date, account_id, subject, currency
insert into bookkeeping.cost_findings by name
select
    'stale_rates' as check_name,
    usage_date,
    account_id,
    'rate of ' || fx_date as subject,
    currency,
    count(*) as affected_rows,
    sum(abs(cost)) as amount
from cost
where usage_date in (select days.usage_date from days) and fx_stale and cost is not null
group by all
