-- grain: one day and key of a scope; the cost in units of 1e-12, projection and range in cents
-- key: usage_date, scope, scope_key
create or replace temp table new_projections as
select
    unnest($usage_date::date[]) as usage_date,
    unnest($scope::varchar[]) as scope,
    unnest($scope_key::varchar[]) as scope_key,
    unnest($complete_through::date[]) as complete_through,
    unnest($month_to_date::hugeint[]) as month_to_date,
    unnest($projected::hugeint[]) as projected,
    unnest($low::hugeint[]) as low,
    unnest($high::hugeint[]) as high,
    unnest($reason::varchar[]) as reason
