-- grain: one combination of values, with the number of the first rule that matches; NULL where none does
-- key: combination
create or replace temp table assignments as
select
    generate_subscripts($rule::integer[], 1) as combination,
    unnest($rule::integer[]) as rule
