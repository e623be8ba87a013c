-- the users of a batch, before they are inserted as updated
-- key: account_id, user_id
delete from users where (account_id, user_id) in (select (account_id, user_id) from updated_users)
