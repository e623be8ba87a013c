-- grain: the first and last day of a row whose user has a new user key
-- key: first_day, last_day
select distinct
    usage.usage_date as first_day,
    usage.last_day
from usage
inner join renamed_users using (account_id, user_id)
where usage.user_email is null
