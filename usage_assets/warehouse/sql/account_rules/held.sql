-- grain: one span of days on which the rows of an account do not count
-- key: account_id, first_day, last_day, reason
select
    account_id,
    first_day,
    last_day,
    reason
from bookkeeping.ignored_days
