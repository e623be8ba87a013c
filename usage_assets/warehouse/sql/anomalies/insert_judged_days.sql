-- grain: one complete day of an account by which unusual days are found now
-- key: account_id, usage_date
insert into bookkeeping.judged_days
from complete_days
