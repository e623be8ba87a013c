-- grain: one account of the account list
-- key: account_id
insert into accounts by name
select
    unnest($account_id::varchar[]) as account_id,
    unnest($display_name::varchar[]) as display_name,
    unnest($integration::varchar[]) as integration,
    unnest($tenant_id::varchar[]) as tenant_id,
    unnest($status::varchar[]) as status,
    unnest($is_sandbox::boolean[]) as is_sandbox,
    unnest($connected_at::timestamp[]) as connected_at,
    unnest($first_seen_at::timestamp[]) as first_seen_at,
    unnest($last_seen_at::timestamp[]) as last_seen_at,
    unnest($deleted_at::timestamp[]) as deleted_at
