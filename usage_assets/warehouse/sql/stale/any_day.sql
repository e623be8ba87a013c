-- grain: at most one row, if any table is stale on any day
-- key: none
select 1
from bookkeeping.stale_days
limit 1
