-- money from units of 1e-12, exact over the whole range of decimal(38,12)
-- key: none
create or replace temp macro from_units(units) as
(units // 1000000000000)::decimal(38, 12)
+ (units % 1000000000000)::decimal(26, 0) * 0.000000000001::decimal(12, 12)
