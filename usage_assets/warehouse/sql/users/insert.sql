-- grain: one user id of an account
-- key: account_id, user_id
insert into users by name select * from updated_users
