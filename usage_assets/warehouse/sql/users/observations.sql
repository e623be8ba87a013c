-- grain: one user id of a batch with one e-mail and one name, and the days of their rows
-- key: account_id, user_id, user_email, user_name
create or replace temp table observations as
select
    account_id,
    user_id,
    user_email,
    user_name,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    max(start_at) as last_at
from valid_rows
where user_id is not null
group by account_id, user_id, user_email, user_name
