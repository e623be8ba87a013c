-- grain: a user_key of the matching rows
-- key: user_key
select distinct user_key
from matching
order by user_key
