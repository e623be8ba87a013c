-- grain: one row with one of the given shapes, or of a shape with totals and without a token that was read, with the
-- counts that were read from it
-- key: window_number, file_row
with lines as (
    select
        filename,
        line,
        row_number() over () as line_number
    from read_lines($files)
),

described as (
    select
        files.window_number,
        lines.line_number - files.lines_before + files.rows_before as file_row,
        shape_of(lines.line, json_keys(lines.line, $groups::varchar[])) as shape
    from lines
    inner join batch_files as files on lines.filename = files.filename
),

of_shapes as (
    select * from described
    where
        shape in (select unnest($shapes::ubigint[])) or shape in (select unnest($shapes_with_totals::ubigint[]))
)

select
    valid_rows.window_number,
    valid_rows.file_row,
    valid_rows.usage_date,
    valid_rows.context_key,
    valid_rows.model_id,
    list_filter(list_append(flatten(valid_rows.meters), valid_rows.reasoning_tokens), lambda count: count is not null)
        as counts,
    has_read_tokens(valid_rows) as has_tokens
from valid_rows
inner join of_shapes
    on valid_rows.window_number = of_shapes.window_number and valid_rows.file_row = of_shapes.file_row
where of_shapes.shape in (select unnest($shapes::ubigint[])) or not has_read_tokens(valid_rows)
