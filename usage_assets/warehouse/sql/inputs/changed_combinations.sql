-- grain: one combination of values that other rules allocate differently
-- key: combination
create or replace temp table changed_combinations as
select unnest($combination::bigint[]) as combination
