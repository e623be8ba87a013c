-- grain: one day that is derived
-- key: usage_date
create or replace temp table days as
select unnest($usage_date::date[]) as usage_date
