-- the version of this file, to be replaced
-- key: none
delete from bookkeeping.schema_version
