-- grain: one currency on one day, as exact texts
-- key: currency, usage_date
create or replace temp table day_rates as
select
    unnest($currency::varchar[]) as currency,
    unnest($usage_date::date[]) as usage_date,
    unnest($usd_per_unit::varchar[])::decimal(38, 18) as usd_per_unit,
    unnest($units_per_usd::varchar[])::decimal(38, 18) as units_per_usd,
    unnest($rate_date::date[]) as rate_date,
    unnest($is_stale::boolean[]) as is_stale
