-- grain: one loaded window that was fetched again with equal content, with the time of the last fetch
-- key: account_id, report, window_start, window_end
create or replace temp table later_fetches as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($report::varchar[]) as report,
    unnest($window_start::date[]) as window_start,
    unnest($window_end::date[]) as window_end,
    unnest($fetched_at::timestamp[]) as fetched_at
