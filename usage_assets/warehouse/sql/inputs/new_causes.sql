-- grain: one series that contributed to an incident; rank 1 contributed most
-- key: anomaly_id, rank
create or replace temp table new_causes as
select
    unnest($anomaly_id::varchar[]) as anomaly_id,
    unnest($rank::integer[]) as rank,
    unnest($account_id::varchar[]) as account_id,
    unnest($provider::varchar[]) as provider,
    unnest($model::varchar[]) as model,
    unnest($surface::varchar[]) as surface,
    unnest($user_key::varchar[]) as user_key,
    unnest($excess::varchar[])::decimal(38, 12) as excess
