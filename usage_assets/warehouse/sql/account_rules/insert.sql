-- grain: one span of days on which the rows of an account do not count
-- key: account_id, first_day, last_day, reason
insert into bookkeeping.ignored_days by name
from new_ignored_days
