-- grain: one day of an account whose last fetch failed
-- key: account_id, usage_date
create or replace temp table failed_days as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($usage_date::date[]) as usage_date,
    unnest($reason::varchar[]) as reason
