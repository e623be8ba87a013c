-- deletes: all accounts, before the current account list is inserted
-- key: account_id
delete from accounts
