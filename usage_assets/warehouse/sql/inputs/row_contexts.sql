-- grain: one row whose price context holds a value that no rule reads
-- key: window_number, file_row
create or replace temp table row_contexts as
select
    unnest($window_number::bigint[]) as window_number,
    unnest($file_row::bigint[]) as file_row,
    unnest($price_context::varchar[]) as price_context
