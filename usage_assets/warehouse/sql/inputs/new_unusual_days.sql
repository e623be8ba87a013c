-- grain: one unusual day of a series; the mean of the `compared` days is expected
-- key: usage_date, kind, scope, account_id, provider, scope_key
create or replace temp table new_unusual_days as
select
    unnest($usage_date::date[]) as usage_date,
    unnest($kind::varchar[]) as kind,
    unnest($scope::varchar[]) as scope,
    unnest($account_id::varchar[]) as account_id,
    unnest($provider::varchar[]) as provider,
    unnest($scope_key::varchar[]) as scope_key,
    unnest($expected::double[]) as expected,
    unnest($actual::double[]) as actual,
    unnest($score::double[]) as score,
    unnest($compared::date[][]) as compared
