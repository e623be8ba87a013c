-- grain: one rejected row; its text is read again from the landing file
-- key: account_id, report, window_start, window_end, file_row
insert into rejected_rows by name
with lines as (
    select
        filename,
        line as row_json,
        row_number() over () as line_number
    from read_lines($files)
)

select
    staged.account_id,
    staged.report,
    staged.window_start,
    staged.window_end,
    staged.file_row,
    staged.row_id,
    staged.reason,
    lines.row_json,
    $now::timestamp as rejected_at
from staged
inner join batch_windows as windows on staged.window_number = windows.window_number
inner join lines on windows.filename = lines.filename and staged.file_row + windows.lines_before = lines.line_number
where staged.reason is not null and not staged.outside_window
