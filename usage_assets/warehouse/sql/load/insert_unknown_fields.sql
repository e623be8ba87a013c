-- grain: one field of a window that looks like a token count and that no path of the profile reads
-- key: check_name, account_id, report, window_start, window_end, subject
insert into bookkeeping.load_findings by name
select
    'unknown_token_fields' as check_name,
    windows.account_id,
    windows.report,
    windows.window_start,
    windows.window_end,
    unknown_fields.subject,
    unknown_fields.affected_rows,
    unknown_fields.tokens
from unknown_fields
inner join batch_windows as windows on unknown_fields.window_number = windows.window_number
