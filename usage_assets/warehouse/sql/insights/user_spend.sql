-- grain: one row of a user, with the cost in whole millionths
-- key: none; a user may have several rows on a day
select
    spending_users.number as user_number,
    (cost_by_user.usage_date - $first_day::date)::integer as day,
    round(cost_by_user.cost_usd::double * 1000000) as cost
from cost_by_user
inner join spending_users on cost_by_user.user_key = spending_users.user_key
where cost_by_user.usage_date between $first_day::date and $last_day::date and cost_by_user.cost_usd is not null
