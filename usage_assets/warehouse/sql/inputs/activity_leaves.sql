-- grain: one number of a usage row, as text
-- key: none
create or replace temp table activity_leaves as
select
    unnest($usage_date::date[]) as usage_date,
    unnest($account_id::varchar[]) as account_id,
    unnest($provider::varchar[]) as provider,
    unnest($surface::varchar[]) as surface,
    unnest($user_key::varchar[]) as user_key,
    unnest($metric::varchar[]) as metric,
    unnest($number::varchar[]) as number
