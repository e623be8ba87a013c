-- grain: one day on which a derived table is behind the data it is derived from
-- key: table_name, usage_date
create table bookkeeping.stale_days (
    table_name varchar not null,
    usage_date date not null
);
