-- grain: one user in a list of an account
-- key: account_id, listed_on, user_id
insert into bookkeeping.listed_users by name
select
    $account_id as account_id,
    $listed_on as listed_on,
    new_users.*
from new_users
