-- grain: one combination of the values that change a price, on one day, for one model
-- key: context_key, usage_date, model_id
create or replace temp table price_contexts as
select
    unnest($context_key::varchar[]) as context_key,
    unnest($usage_date::date[]) as usage_date,
    unnest($model_id::varchar[]) as model_id,
    unnest($price_context::varchar[]) as price_context,
    unnest($is_covered::boolean[]) as is_covered
