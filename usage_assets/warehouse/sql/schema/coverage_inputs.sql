-- grain: the hash of the accounts, failures, settings and day by which coverage was last derived
-- key: digest
create table bookkeeping.coverage_inputs (
    digest varchar not null
);
