-- grain: one series of daily spend, numbered in the order of its account and scope
-- key: series
create or replace temp table judged_series as
select
    row_number() over (order by account_id, scope, provider, scope_key) - 1 as series,
    account_id,
    scope,
    provider,
    scope_key
from (select distinct account_id, scope, provider, scope_key from judged_spend)
