-- all accounts, to be replaced by the current account list
-- key: account_id
delete from accounts
