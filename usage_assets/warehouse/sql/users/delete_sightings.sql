-- sightings of the users in this load, to be written anew
-- key: account_id, user_id
delete from bookkeeping.user_sightings
where (account_id, user_id) in (select (account_id, user_id) from sightings_after)
