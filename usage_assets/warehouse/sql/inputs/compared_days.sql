-- grain: one complete day of an account in one of the two periods
-- key: account_id, usage_date
create or replace temp table compared_days as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($usage_date::date[]) as usage_date,
    unnest($is_current::boolean[]) as is_current
