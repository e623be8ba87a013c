-- grain: one user id of a batch, with the e-mail and name last observed in any load
-- key: account_id, user_id
create or replace temp table updated_users as
with last_seen as (
    select
        account_id,
        user_id,
        first(user_email order by last_at desc, lower(user_email) desc, user_email desc)
            filter (where user_email is not null) as last_email,
        first(user_name order by last_at desc, user_name desc) filter (where user_name is not null) as last_name,
        min(first_day) as first_seen,
        max(last_day) as last_seen
    from merged_observations
    group by account_id, user_id
)

select
    account_id,
    user_id,
    coalesce(lower(last_email), account_id || ':' || user_id) as user_key,
    last_email as user_email,
    last_name as user_name,
    first_seen as first_day,
    last_seen as last_day
from last_seen
