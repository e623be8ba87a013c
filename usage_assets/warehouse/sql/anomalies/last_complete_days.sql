-- grain: one account, with its last three complete days, oldest first
-- key: account_id
select
    account_id,
    list_sort(max(usage_date, 3)) as days
from complete_days
group by account_id
