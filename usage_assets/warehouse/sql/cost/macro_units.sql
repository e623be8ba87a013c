-- money as whole units of 1e-12: exact, where any division of a decimal would pass through a double
-- key: none
create or replace temp macro in_units(amount) as replace(amount::decimal(38, 12)::varchar, '.', '')::hugeint
