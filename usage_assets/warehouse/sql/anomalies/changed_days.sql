-- grain: one day on which an account is complete that was not when unusual days were last found, or the reverse
-- key: usage_date
select distinct usage_date
from (
    (from complete_days except from bookkeeping.judged_days)
    union all
    (from bookkeeping.judged_days except from complete_days)
)
