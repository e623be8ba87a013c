-- Rename the bookkeeping tables of a file without a schema version, and create the table that holds the version.
alter table bookkeeping.load_doubts rename to load_findings;
alter table bookkeeping.load_findings rename column doubtful_rows to affected_rows;
alter table bookkeeping.cost_doubts rename to cost_findings;
alter table bookkeeping.cost_findings rename column doubtful_rows to affected_rows;
alter table bookkeeping.user_sightings rename to user_observations;

create table bookkeeping.schema_version (
    version integer not null,
    aggregates varchar[] not null
);

insert into bookkeeping.schema_version
values (0, ['cost_by_model', 'cost_by_provider', 'cost_by_surface', 'cost_by_user', 'cost_by_account']);
