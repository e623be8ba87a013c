-- grain: one series of daily spend
-- key: series
select
    account_id,
    scope,
    provider,
    scope_key
from judged_series
order by series
