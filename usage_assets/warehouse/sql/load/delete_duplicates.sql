-- deletes: the staged rows left out as duplicates
-- key: window_number, file_row
delete from staged where (window_number, file_row) in (select (window_number, file_row) from duplicates)
