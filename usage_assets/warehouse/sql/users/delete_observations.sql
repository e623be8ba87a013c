-- observations of the users in this load, to be written anew
-- key: account_id, user_id
delete from bookkeeping.user_observations
where (account_id, user_id) in (select (account_id, user_id) from observations_after)
