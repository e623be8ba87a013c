-- the lines of landing files in order; speed: read as CSV of one column, because the JSON reader parses each line
-- key: filename, and the order of the lines
create or replace temp macro read_lines(files) as table
select
    filename,
    line
from read_csv(
    files,
    columns = {'line': 'VARCHAR'},
    auto_detect = false,
    header = false,
    delim = e'\x01',
    quote = '',
    escape = '',
    max_line_size = 16777216,
    buffer_size = 16777216,
    compression = 'zstd',
    filename = true
)
