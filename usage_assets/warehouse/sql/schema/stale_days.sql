-- grain: one day of a derived table that does not show what is loaded yet
-- key: table_name, usage_date
create table bookkeeping.stale_days (
    table_name varchar not null,
    usage_date date not null
);
