-- grain: one integrated account
-- key: account_id
create table if not exists accounts (
    account_id varchar not null,
    integration varchar not null,
    tenant_id varchar,
    status varchar not null,
    is_sandbox boolean not null,
    connected_at timestamp,
    first_seen_at timestamp not null,
    last_seen_at timestamp not null,
    deleted_at timestamp
)
