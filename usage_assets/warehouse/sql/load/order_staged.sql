-- grain: one row of a landing file, in the order of days, which the files of longer windows do not have
-- key: account_id, report, window_start, window_end, file_row
create or replace temp table staged as
select * from staged
order by start_at::date, account_id, file_row
