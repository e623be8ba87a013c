-- grain: one day, and the first day of its period: within a period the same rules are valid on every day
-- key: usage_date
create or replace temp table rule_days as
select
    unnest($usage_date::date[]) as usage_date,
    unnest($period_start::date[]) as period_start
