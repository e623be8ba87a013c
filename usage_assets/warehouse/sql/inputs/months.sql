-- grain: one month for which seats are derived, by its first day
-- key: month
create or replace temp table months as
select unnest($month::date[]) as month
