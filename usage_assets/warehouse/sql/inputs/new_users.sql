-- grain: one user of a list, amounts as exact texts
-- key: user_id
create or replace temp table new_users as
select
    unnest($user_id::varchar[]) as user_id,
    unnest($user_email::varchar[]) as user_email,
    unnest($user_name::varchar[]) as user_name,
    unnest($status::varchar[]) as status,
    unnest($role::varchar[]) as role,
    unnest($seat_type::varchar[]) as seat_type,
    unnest($spend_limit::varchar[])::decimal(38, 12) as spend_limit,
    unnest($spend_limit_currency::varchar[]) as spend_limit_currency,
    unnest($last_active_on::date[]) as last_active_on,
    unnest($created_on::date[]) as created_on
