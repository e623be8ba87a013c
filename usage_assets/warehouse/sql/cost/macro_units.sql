-- money as whole units of 1e-12; exact, unlike a division of decimals, which DuckDB does in doubles
-- key: none
create or replace temp macro in_units(amount) as replace(amount::decimal(38, 12)::varchar, '.', '')::hugeint
