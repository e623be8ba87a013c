-- grain: one user id whose person is another now: rows that name no e-mail follow it
-- key: account_id, user_id
create or replace temp table renamed_users as
select
    users_after.account_id,
    users_after.user_id,
    users_after.user_key
from users_after
inner join users using (account_id, user_id)
where users.user_key <> users_after.user_key
