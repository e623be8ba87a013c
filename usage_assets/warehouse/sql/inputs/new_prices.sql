-- grain: one meter of a provider's model in a price context on one day, its price as exact text
-- key: provider, model, price_context, meter, usage_date
create or replace temp table new_prices as
select
    unnest($provider::varchar[]) as provider,
    unnest($model::varchar[]) as model,
    unnest($price_context::varchar[]) as price_context,
    unnest($meter::varchar[]) as meter,
    unnest($usage_date::date[]) as usage_date,
    unnest($matched_model::varchar[]) as matched_model,
    unnest($unit_price::varchar[])::decimal(38, 18) as unit_price,
    unnest($is_context_priced::boolean[]) as is_context_priced,
    unnest($price_book::varchar[]) as price_book
