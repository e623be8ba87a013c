-- a row as `row_of` reads it, 256 lines at a time: DuckDB parses all 2,048 lines of a vector before it reads the first,
-- and by then they have left the cache; a branch of a case is given its own lines only; key: none
create or replace temp macro read_row(line, line_number) as
case line_number // 256 % 8
    when 0 then row_of(line)
    when 1 then row_of(line)
    when 2 then row_of(line)
    when 3 then row_of(line)
    when 4 then row_of(line)
    when 5 then row_of(line)
    when 6 then row_of(line)
    else row_of(line)
end
