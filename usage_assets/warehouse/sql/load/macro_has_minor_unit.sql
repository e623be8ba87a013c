-- whether amounts of a currency can be read: those in minor units need a currency of which that unit is known
-- key: none
create or replace temp macro has_minor_unit(currency, minor_units) as
case
    when minor_units is null then true
    else len(element_at(minor_units::map(varchar, varchar), currency)) > 0
end
