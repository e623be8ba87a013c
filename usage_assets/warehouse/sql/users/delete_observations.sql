-- deletes: the observations of the users of a batch, before the merged observations are inserted
-- key: account_id, user_id
delete from bookkeeping.user_observations
where (account_id, user_id) in (select (account_id, user_id) from merged_observations)
