-- grain: a provider's model on one day, its prices as exact texts
-- key: provider, model, usage_date
create or replace temp table new_prices as
select
    unnest($provider::varchar[]) as provider,
    unnest($model::varchar[]) as model,
    unnest($usage_date::date[]) as usage_date,
    unnest($matched_model::varchar[]) as matched_model,
    unnest($input_price::varchar[])::decimal(38, 18) as input_price,
    unnest($cached_input_price::varchar[])::decimal(38, 18) as cached_input_price,
    unnest($cache_write_price::varchar[])::decimal(38, 18) as cache_write_price,
    unnest($output_price::varchar[])::decimal(38, 18) as output_price,
    unnest($price_book::varchar[]) as price_book
