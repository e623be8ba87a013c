-- grain: one user id of an account, with the last e-mail and name it was seen with
-- key: account_id, user_id
create or replace temp table users_after as
with sightings as (
    select
        account_id,
        user_id,
        user_email,
        user_name,
        start_at::date as first_day,
        start_at::date as last_day
    from keyed
    where user_id is not null

    union all

    select
        account_id,
        user_id,
        user_email,
        user_name,
        first_day,
        last_day
    from users
    where (account_id, user_id) in (select (account_id, user_id) from keyed)
)

select
    account_id,
    user_id,
    coalesce(lower(arg_max(user_email, last_day)), account_id || ':' || user_id) as user_key,
    arg_max(user_email, last_day) as user_email,
    arg_max(user_name, last_day) as user_name,
    min(first_day) as first_day,
    max(last_day) as last_day
from sightings
group by account_id, user_id
