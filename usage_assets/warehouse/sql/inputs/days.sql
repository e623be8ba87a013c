-- grain: one day of a derive step
-- key: usage_date
create or replace temp table days as
select unnest($usage_date::date[]) as usage_date
