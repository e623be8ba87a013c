-- grain: one file that is read for a window of a batch; a window of long rows has several
-- key: filename
create or replace temp table batch_files as
select
    unnest($filename::varchar[]) as filename,
    unnest($window_number::bigint[]) as window_number,
    unnest($rows_before::bigint[]) as rows_before,
    unnest($lines_before::bigint[]) as lines_before
