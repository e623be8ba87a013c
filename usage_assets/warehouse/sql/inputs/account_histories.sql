-- grain: one account, with the days that its figures should hold
-- key: account_id
create or replace temp table account_histories as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($integration::varchar[]) as integration,
    unnest($reports::varchar[][]) as reports,
    unnest($lag::integer[]) as lag,
    unnest($last_ready_day::date[]) as last_ready_day,
    unnest($first_asked_day::date[]) as first_asked_day,
    unnest($first_wanted_day::date[]) as first_wanted_day,
    unnest($last_day::date[]) as last_day,
    unnest($not_fetched::varchar[]) as not_fetched
