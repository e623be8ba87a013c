-- grain: one series, in the order of its number
-- key: series
select
    account_id,
    provider,
    scope_key
from daily_spend
group by series, account_id, provider, scope_key
order by series
