-- deletes: the list of an account and day that is replaced
-- key: account_id, listed_on
delete from bookkeeping.listed_users
where account_id = $account_id and listed_on = $listed_on
