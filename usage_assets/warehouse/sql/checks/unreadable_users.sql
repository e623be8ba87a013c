-- grain: one newest list of users of an account with rows that are no users
-- key: account_id
select
    account_id,
    integration,
    listed_on,
    unreadable_rows as affected_rows
from bookkeeping.user_lists
where unreadable_rows > 0
qualify listed_on = max(listed_on) over (partition by account_id)
order by account_id
