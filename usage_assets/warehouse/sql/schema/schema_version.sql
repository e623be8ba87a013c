-- grain: one line with the schema version of this file and the names of its tables
-- key: none
create table bookkeeping.schema_version (
    version integer not null,
    tables varchar[] not null
);
