-- grain: one user with cost in the days
-- key: user_key
select user_key
from spending_users
order by number
