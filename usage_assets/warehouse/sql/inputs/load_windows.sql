-- grain: one window that a load replaces or removes
-- key: account_id, report, window_start, window_end
create or replace temp table load_windows as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($report::varchar[]) as report,
    unnest($window_start::date[]) as window_start,
    unnest($window_end::date[]) as window_end
