-- grain: no row, in place of the table of the warehouse; only counts of rows would need it
-- key: usage_key
create or replace temp table usage (
    usage_key varchar,
    usage_date date,
    last_day date
)
