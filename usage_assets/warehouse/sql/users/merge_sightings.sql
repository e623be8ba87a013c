-- grain: one user id of an account with one e-mail and one name, the days of all its sightings taken together
-- key: account_id, user_id, user_email, user_name
create or replace temp table sightings_after as
select
    account_id,
    user_id,
    user_email,
    user_name,
    min(first_day) as first_day,
    max(last_day) as last_day,
    max(last_at) as last_at
from bookkeeping.user_sightings
where (account_id, user_id) in (select (keyed.account_id, keyed.user_id) from keyed)
group by account_id, user_id, user_email, user_name
