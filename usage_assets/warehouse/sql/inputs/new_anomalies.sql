-- grain: one incident
-- key: anomaly_id
create or replace temp table new_anomalies as
select
    unnest($anomaly_id::varchar[]) as anomaly_id,
    unnest($scope::varchar[]) as scope,
    unnest($scope_key::varchar[]) as scope_key,
    unnest($account_id::varchar[]) as account_id,
    unnest($provider::varchar[]) as provider,
    unnest($kind::varchar[]) as kind,
    unnest($first_day::date[]) as first_day,
    unnest($last_day::date[]) as last_day,
    unnest($expected::varchar[])::decimal(38, 12) as expected,
    unnest($actual::varchar[])::decimal(38, 12) as actual,
    unnest($score::double[]) as score,
    unnest($status::varchar[]) as status,
    unnest($acknowledged_at::timestamp[]) as acknowledged_at,
    unnest($note::varchar[]) as note
