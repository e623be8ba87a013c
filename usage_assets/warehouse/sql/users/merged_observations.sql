-- grain: one user id of a batch with one e-mail and one name, and the days of all loads that observed them
-- key: account_id, user_id, user_email, user_name
create or replace temp table merged_observations as
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
