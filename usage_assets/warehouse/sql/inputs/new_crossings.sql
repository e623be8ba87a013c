-- grain: one threshold that a budget has reached by a day
-- key: budget, usage_date, threshold
create or replace temp table new_crossings as
select
    unnest($budget::varchar[]) as budget,
    unnest($usage_date::date[]) as usage_date,
    unnest($threshold::varchar[])::decimal(9, 3) as threshold,
    unnest($crossed_on::date[]) as crossed_on
