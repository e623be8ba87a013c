-- grain: one row with one of the given shapes, with the counts that were read from it
-- key: window_number, file_row
with lines as (
    select
        filename,
        line,
        row_number() over () as line_number
    from read_lines($files)
),

of_shapes as (
    select
        files.window_number,
        lines.line_number - files.lines_before + files.rows_before as file_row
    from lines
    inner join batch_files as files on lines.filename = files.filename
    where shape_of(lines.line, json_keys(lines.line, $groups::varchar[])) in (select unnest($shapes::ubigint[]))
)

select
    valid_rows.window_number,
    valid_rows.file_row,
    valid_rows.usage_date,
    valid_rows.context_key,
    valid_rows.model_id,
    list_filter(list_append(flatten(valid_rows.meters), valid_rows.reasoning_tokens), lambda count: count is not null)
        as counts
from valid_rows
inner join of_shapes
    on valid_rows.window_number = of_shapes.window_number and valid_rows.file_row = of_shapes.file_row
