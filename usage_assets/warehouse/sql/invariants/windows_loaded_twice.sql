-- grain: one loaded window that shares a day with another of the same account and report
-- key: account_id, report, window_start, window_end
with neighbours as (
    select
        account_id,
        report,
        window_start,
        window_end,
        lead(window_start) over (partition by account_id, report order by window_start, window_end) as next_start
    from loads
    where window_start >= $first_day
)

select
    account_id,
    report,
    window_start,
    window_end,
    next_start
from neighbours
where next_start < window_end
