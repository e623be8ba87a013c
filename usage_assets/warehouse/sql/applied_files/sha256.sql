-- grain: at most one row: the hash of the content of one file by which its table is derived
-- key: none
select sha256 from bookkeeping.applied_files
where name = $name
