-- grain: one rejected row; its text is read again from the file
-- key: account_id, report, window_start, window_end, file_row
insert into rejected_rows by name
with lines as (
    select
        filename,
        line,
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
    coalesce(bad_lines.line, lines.line) as row_json,
    $now::timestamp as rejected_at
from staged
inner join batch_files as files on staged.window_number = files.window_number
inner join lines
    on files.filename = lines.filename
    and staged.file_row - files.rows_before + files.lines_before = lines.line_number
left join bad_lines on staged.window_number = bad_lines.window_number and staged.file_row = bad_lines.file_row
where staged.reason is not null and not staged.outside_window
