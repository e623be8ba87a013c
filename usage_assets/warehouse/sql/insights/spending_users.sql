-- grain: one user with cost in the days
-- key: user_key
create or replace temp table spending_users as
select
    user_key,
    (row_number() over (order by user_key) - 1)::integer as number
from cost_by_user
where usage_date between $first_day::date and $last_day::date and cost_usd is not null
group by user_key
