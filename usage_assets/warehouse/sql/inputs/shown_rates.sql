-- grain: the rate of the shown currency on one day, as exact text
-- key: usage_date
create or replace temp table shown_rates as
select
    unnest($usage_date::date[]) as usage_date,
    unnest($units_per_usd::varchar[])::decimal(38, 18) as units_per_usd
