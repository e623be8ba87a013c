-- grain: one complete day of an account
-- key: account_id, day
select
    account_id,
    usage_date - $first_day::date as day
from complete_days
where usage_date >= $first_day::date and usage_date <= $last_day::date
