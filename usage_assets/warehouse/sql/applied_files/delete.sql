-- deletes: the content of one file, before that of the present file is inserted
-- key: name
delete from bookkeeping.applied_files
where name = $name
