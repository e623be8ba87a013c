-- grain: one line of a landing file, day by day, where windows of many days do not come that way
-- key: account_id, report, window_start, window_end, file_row
create or replace temp table staged as
select * from staged
order by start_at::date, account_id, file_row
