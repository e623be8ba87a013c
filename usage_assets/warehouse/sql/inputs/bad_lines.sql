-- grain: one line of a landing file that cannot be read, with its text
-- key: window_number, file_row
create or replace temp table bad_lines as
select
    unnest($window_number::bigint[]) as window_number,
    unnest($file_row::bigint[]) as file_row,
    unnest($reason::varchar[]) as reason,
    unnest($line::varchar[]) as line
