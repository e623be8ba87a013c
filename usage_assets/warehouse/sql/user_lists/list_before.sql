-- grain: at most one row, the day of an account's list before another
-- key: listed_on
select listed_on
from bookkeeping.user_lists
where account_id = $account_id and listed_on < $listed_on
order by listed_on desc
limit 1
