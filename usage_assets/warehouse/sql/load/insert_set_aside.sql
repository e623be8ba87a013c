-- grain: one window of which nothing can be loaded, replacing what was recorded about it
-- key: account_id, report, window_start, window_end
insert or replace into bookkeeping.windows_set_aside by name
select
    $account_id as account_id,
    $report as report,
    $window_start::date as window_start,
    $window_end::date as window_end,
    $sha256::varchar as sha256,
    $reason as reason,
    $now::timestamp as set_aside_at
