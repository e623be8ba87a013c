-- grain: one window of a batch with rows that were repaired before they were read
-- key: window_number
create or replace temp table repaired_windows as
select
    unnest($window_number::bigint[]) as window_number,
    unnest($affected_rows::bigint[]) as affected_rows
