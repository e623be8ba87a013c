-- Create the table that names the last publication; it has none until the next one.
create table bookkeeping.publications (
    publication varchar not null
);
