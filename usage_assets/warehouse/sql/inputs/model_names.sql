-- grain: one model id as the API sends it
-- key: model_id
create or replace temp table model_names as
select
    unnest($model_id::varchar[]) as model_id,
    unnest($model::varchar[]) as model
