-- grain: one shape of the readable rows of a batch: the members of the objects in which a profile reads, and the number
-- of braces, which tells rows in which a member is an object from others; with the place of an example; key: shape
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
        json_keys(lines.line, $groups::varchar[]) as members,
        shape_of(lines.line, members) as shape
    from lines
    inner join batch_files as files on lines.filename = files.filename
)

select
    described.shape,
    any_value(described.members) as members,
    min(described.window_number) as window_number,
    arg_min(described.file_row, described.window_number) as file_row
from described
anti join bad_lines
    on described.window_number = bad_lines.window_number and described.file_row = bad_lines.file_row
group by described.shape
