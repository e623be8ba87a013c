-- grain: the version of this file and its aggregates
-- key: none
insert into bookkeeping.schema_version
select
    $version::integer as version,
    $aggregates::varchar[] as aggregates
