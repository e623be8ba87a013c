-- grain: one loaded window
-- key: account_id, report, window_start, window_end
insert into loads by name
with line_counts as (
    select
        filename,
        count(*) filter (where is_elsewhere) as dropped_rows,
        count(*) filter (where reason is null and not is_elsewhere) as readable_rows
    from staged
    group by filename
),

row_counts as (
    select
        filename,
        count(*) as usage_rows
    from keyed
    group by filename
)

select
    windows.account_id,
    windows.report,
    windows.window_start,
    windows.window_end,
    windows.sha256,
    coalesce(row_counts.usage_rows, 0) as usage_rows,
    coalesce(line_counts.dropped_rows, 0) as dropped_rows,
    coalesce(line_counts.readable_rows, 0) - coalesce(row_counts.usage_rows, 0) as duplicate_rows,
    windows.is_final,
    windows.fetched_at,
    $now::timestamp as loaded_at
from windows_to_load as windows
left join line_counts on windows.filename = line_counts.filename
left join row_counts on windows.filename = row_counts.filename
where windows.integration = $integration
