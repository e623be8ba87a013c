-- grain: one user whose spend is projected
-- key: user_key
create or replace temp table chosen_users as
select unnest($user_key::varchar[]) as user_key
