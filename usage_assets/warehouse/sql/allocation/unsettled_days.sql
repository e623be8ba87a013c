-- grain: one day with cost on which `cost_by_team` is not stale anyway
-- key: usage_date
select distinct cost.usage_date
from cost
anti join bookkeeping.stale_days as stale
    on cost.usage_date = stale.usage_date and stale.table_name = 'cost_by_team'
