-- deletes: the version of this file, before the new version is inserted
-- key: none
delete from bookkeeping.schema_version
