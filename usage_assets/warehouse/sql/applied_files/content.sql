-- grain: at most one row: the content of one file by which its table is derived
-- key: none
select content from bookkeeping.applied_files
where name = $name
