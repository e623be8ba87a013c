-- grain: one row of a landing file, in the order of days, because files of monthly windows are not in that order
-- key: account_id, report, window_start, window_end, file_row
create or replace temp table staged as
select * from staged
order by usage_date, account_id, file_row
