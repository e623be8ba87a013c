-- grain: one budget and day
-- key: budget, usage_date
create or replace temp table new_budget_status as
select
    unnest($usage_date::date[]) as usage_date,
    unnest($budget::varchar[]) as budget,
    unnest($owner::varchar[]) as owner,
    unnest($scope::varchar[]) as scope,
    unnest($period::varchar[]) as period,
    unnest($period_start::date[]) as period_start,
    unnest($period_end::date[]) as period_end,
    unnest($currency::varchar[]) as currency,
    unnest($amount::varchar[])::decimal(38, 12) as amount,
    unnest($counted_from::date[]) as counted_from,
    unnest($complete_through::date[]) as complete_through,
    unnest($spent::varchar[])::decimal(38, 12) as spent,
    unnest($share::varchar[])::decimal(38, 6) as share,
    unnest($projected::varchar[])::decimal(38, 12) as projected,
    unnest($low::varchar[])::decimal(38, 12) as low,
    unnest($high::varchar[])::decimal(38, 12) as high,
    unnest($thresholds::varchar[][])::decimal(9, 3)[] as thresholds,
    unnest($spent_on::date[]) as spent_on,
    unnest($reason::varchar[]) as reason
