-- grain: one month with a list of users, by its first day
-- key: month
select distinct date_trunc('month', listed_on)::date as month
from bookkeeping.user_lists
