-- grain: one user id of an account with one e-mail and one name
-- key: account_id, user_id, user_email, user_name
insert into bookkeeping.user_observations select * from merged_observations
