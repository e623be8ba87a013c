-- grain: one day of a series: of an account and provider within a team
-- key: series, usage_date
create or replace temp table daily_spend as
with split_days as (
    select
        usage_date,
        account_id,
        provider
    from cost
    where usage_date between $first_day::date and $last_day::date and cost_usd is not null
    group by usage_date, account_id, provider
    having bool_and(allocation = 'prorated')
),

days as (
    select
        usage_date,
        account_id,
        provider,
        team as scope_key,
        sum(cost_usd) as cost
    from cost_by_team
    where
        usage_date between $first_day::date and $last_day::date
        and account_id in (select unnest($account_ids::varchar[]))
        and cost_usd is not null
    group by usage_date, account_id, provider, team
)

select
    days.*,
    split_days.usage_date is not null as is_split,
    dense_rank() over (order by days.account_id, days.provider, days.scope_key) - 1 as series
from days
left join split_days
    on
        days.usage_date = split_days.usage_date
        and days.account_id = split_days.account_id
        and days.provider = split_days.provider
