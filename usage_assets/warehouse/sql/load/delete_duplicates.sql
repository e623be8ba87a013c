-- lines of which another line of their file says the same later
-- key: window_number, file_row
delete from staged where (window_number, file_row) in (select (window_number, file_row) from duplicates)
