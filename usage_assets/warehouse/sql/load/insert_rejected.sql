-- grain: one line that cannot be loaded, read again for its text
-- key: account_id, report, window_start, window_end, file_row
insert into rejected_rows by name
with lines as (
    select
        filename,
        json::varchar as row_json,
        row_number() over () as line_number
    from read_ndjson_objects($files, compression = 'zstd', filename = true)
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
inner join lines on staged.filename = lines.filename and staged.file_row + staged.lines_before = lines.line_number
where staged.reason is not null and not staged.is_elsewhere
