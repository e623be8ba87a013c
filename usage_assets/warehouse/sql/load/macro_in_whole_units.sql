-- an amount in units of its currency; NULL from 1e22 on, and for a currency whose minor unit is not known; speed: most
-- amounts are in whole units already; key: none
create or replace temp macro in_whole_units(amount, currency, units_per_amount, minor_units) as
case
    when abs(amount) >= 10000000000000000000000 then null
    when minor_units is not null
        then (amount * element_at(minor_units::map(varchar, varchar), currency)[1]::decimal(5, 4))::decimal(38, 12)
    when units_per_amount::decimal(5, 4) = 1 then amount
    else (amount * units_per_amount::decimal(5, 4))::decimal(38, 12)
end
