-- grain: one line with the number of rows of the windows of a load, by outcome
-- key: none
with loaded as (
    select
        sum(loads.usage_rows) as usage_rows,
        sum(loads.dropped_rows) as dropped_rows,
        sum(loads.duplicate_rows) as duplicate_rows
    from loads
    semi join load_windows using (account_id, report, window_start, window_end)
),

rejected as (
    select count(*) as rejected_rows
    from rejected_rows
    semi join load_windows using (account_id, report, window_start, window_end)
)

select
    coalesce(loaded.usage_rows, 0)::bigint as usage_rows,
    rejected.rejected_rows,
    coalesce(loaded.dropped_rows, 0)::bigint as dropped_rows,
    coalesce(loaded.duplicate_rows, 0)::bigint as duplicate_rows
from loaded
cross join rejected
