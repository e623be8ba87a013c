-- deletes: the users of a batch, before their new rows are inserted
-- key: account_id, user_id
delete from users where (account_id, user_id) in (select (account_id, user_id) from updated_users)
