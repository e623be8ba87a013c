-- whether a value is what a budget names; a name that ends in `*` is the beginning of the value; without a name, every
-- value is; key: none
create or replace temp macro is_in_scope(value, named) as
named is null or case when named like '%*' then starts_with(value, left(named, -1)) else value = named end
