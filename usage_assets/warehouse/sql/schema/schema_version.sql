-- grain: the one version of all tables of this file, and the aggregates that it has
-- key: none
create table bookkeeping.schema_version (
    version integer not null,
    aggregates varchar[] not null
);
