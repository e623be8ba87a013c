-- grain: the version of this file and its tables
-- key: none
insert into bookkeeping.schema_version
select
    $version::integer as version,
    $tables::varchar[] as tables
