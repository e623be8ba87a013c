-- grain: one user id of this load with one e-mail and one name, the days of all its observations taken together
-- key: account_id, user_id, user_email, user_name
create or replace temp table observations_after as
with all_observations as (
    select * from observations
    union all
    select *
    from bookkeeping.user_observations
    where (account_id, user_id) in (select (observations.account_id, observations.user_id) from observations)
)

select
    account_id,
    user_id,
    user_email,
    user_name,
    min(first_day) as first_day,
    max(last_day) as last_day,
    max(last_at) as last_at
from all_observations
group by account_id, user_id, user_email, user_name
