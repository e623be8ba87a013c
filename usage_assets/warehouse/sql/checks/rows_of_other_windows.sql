-- grain: one loaded window with rows that start outside it
-- key: account_id, report, window_start, window_end
select
    account_id,
    report,
    window_start,
    window_end,
    dropped_rows
from loads
where dropped_rows > 0
order by window_start desc, account_id
