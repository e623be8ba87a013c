-- grain: the first and the last day of cost, of one account or of all
-- key: none
select
    min(usage_date) as first_day,
    max(usage_date) as last_day
from cost
where $account_id::varchar is null or account_id = $account_id
