-- grain: one updated user whose user_key changes
-- key: account_id, user_id
create or replace temp table renamed_users as
select
    updated_users.account_id,
    updated_users.user_id,
    updated_users.user_key
from updated_users
inner join users using (account_id, user_id)
where users.user_key <> updated_users.user_key
