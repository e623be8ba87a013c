-- grain: one loaded window of the given months, with the columns of its load state
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    window_end,
    sha256,
    is_final,
    fetched_at
from loads
where window_start >= $first_day and window_start < $end_day
