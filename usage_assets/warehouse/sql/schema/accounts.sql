-- grain: one integrated account
-- key: account_id
create table if not exists accounts (
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case
    integration varchar not null,
    -- the tenant the account belongs to in Truto
    tenant_id varchar,
    -- status in Truto; only `active` accounts are fetched
    status varchar not null,
    -- whether Truto marks it as a sandbox account
    is_sandbox boolean not null,
    -- when it was connected in Truto
    connected_at timestamp,
    -- when an account list first held it
    first_seen_at timestamp not null,
    -- when an account list last held it
    last_seen_at timestamp not null,
    -- when an account list first lacked it; NULL while it is listed
    deleted_at timestamp
)
