-- grain: one day on which a derived table does not show yet what is loaded
-- key: table_name, usage_date
create table bookkeeping.stale_days (
    table_name varchar not null,
    usage_date date not null
);
