-- grain: one window of a batch, numbered in reading order
-- key: account_id, report, window_start, window_end
create or replace temp table batch_windows as
select
    generate_subscripts($account_id::varchar[], 1) as window_number,
    unnest($account_id::varchar[]) as account_id,
    unnest($integration::varchar[]) as integration,
    unnest($report::varchar[]) as report,
    unnest($window_start::date[]) as window_start,
    unnest($window_end::date[]) as window_end,
    unnest($sha256::varchar[]) as sha256,
    unnest($is_final::boolean[]) as is_final,
    unnest($fetched_at::timestamp[]) as fetched_at
