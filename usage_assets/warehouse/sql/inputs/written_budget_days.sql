-- grain: one budget and day whose status is written
-- key: budget, usage_date
create or replace temp table written_budget_days as
select
    unnest($budget::varchar[]) as budget,
    unnest($usage_date::date[]) as usage_date
