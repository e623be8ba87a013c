-- grain: one loaded window
-- key: account_id, report, window_start, window_end
insert into loads by name
with row_counts as (
    select
        window_number,
        count(*) filter (where outside_window) as dropped_rows,
        count(*) filter (where reason is null and not outside_window) as usage_rows
    from staged
    group by window_number
),

duplicate_counts as (
    select
        window_number,
        count(*) as duplicate_rows
    from duplicates
    group by window_number
)

select
    windows.account_id,
    windows.report,
    windows.window_start,
    windows.window_end,
    windows.sha256,
    coalesce(row_counts.usage_rows, 0) as usage_rows,
    coalesce(row_counts.dropped_rows, 0) as dropped_rows,
    coalesce(duplicate_counts.duplicate_rows, 0) as duplicate_rows,
    windows.is_final,
    windows.fetched_at,
    $now::timestamp as loaded_at
from batch_windows as windows
left join row_counts on windows.window_number = row_counts.window_number
left join duplicate_counts on windows.window_number = duplicate_counts.window_number
