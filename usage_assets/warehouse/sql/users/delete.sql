-- users seen in this load, to be written anew
-- key: account_id, user_id
delete from users where (account_id, user_id) in (select (account_id, user_id) from users_after)
