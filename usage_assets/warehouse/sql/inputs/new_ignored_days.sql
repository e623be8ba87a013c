-- grain: one span of days on which the rows of an account do not count by the present `accounts.csv`
-- key: account_id, first_day, last_day, reason
create or replace temp table new_ignored_days as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($first_day::date[]) as first_day,
    unnest($last_day::date[]) as last_day,
    unnest($reason::varchar[]) as reason
