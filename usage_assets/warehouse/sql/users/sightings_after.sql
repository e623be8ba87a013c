-- grain: one user id of this load with one e-mail and one name, the days of all its sightings taken together
-- key: account_id, user_id, user_email, user_name
create or replace temp table sightings_after as
with all_sightings as (
    select * from sightings
    union all
    select *
    from bookkeeping.user_sightings
    where (account_id, user_id) in (select (sightings.account_id, sightings.user_id) from sightings)
)

select
    account_id,
    user_id,
    user_email,
    user_name,
    min(first_day) as first_day,
    max(last_day) as last_day,
    max(last_at) as last_at
from all_sightings
group by account_id, user_id, user_email, user_name
