-- grain: one scope of a budget; NULL in a column that has no condition
-- key: scope
create or replace temp table budget_scopes as
select
    unnest($scope::varchar[]) as scope,
    unnest($team::varchar[]) as team,
    unnest($cost_centre::varchar[]) as cost_centre,
    unnest($provider::varchar[]) as provider,
    unnest($model::varchar[]) as model,
    unnest($surface::varchar[]) as surface,
    unnest($account_id::varchar[]) as account_id,
    unnest($integration::varchar[]) as integration,
    unnest($user_key::varchar[]) as user_key
