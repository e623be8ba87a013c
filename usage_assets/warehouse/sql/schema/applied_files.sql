-- grain: one user's file by whose content a table is derived
-- key: name
create table bookkeeping.applied_files (
    name varchar not null,
    sha256 varchar not null,
    content blob not null
);
