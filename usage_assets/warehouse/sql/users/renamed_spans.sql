-- grain: the days over which a row stands whose user is another person now
-- key: first_day, last_day
create or replace temp table spans as
select distinct
    usage.usage_date as first_day,
    last_day_of(usage.start_at, usage.end_at, usage.fetched_at) as last_day
from usage
inner join renamed_users using (account_id, user_id)
where usage.user_email is null
