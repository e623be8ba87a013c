-- grain: one row that could not be loaded
-- key: account_id, report, window_start, window_end, file_row
select
    account_id,
    window_start,
    file_row,
    row_id,
    reason
from rejected_rows
order by rejected_at desc, account_id, window_start, file_row
