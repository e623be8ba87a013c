-- grain: one integrated account
-- key: account_id
create table accounts (
    account_id varchar not null,
    display_name varchar not null,
    integration varchar not null,
    tenant_id varchar,
    status varchar not null,
    is_sandbox boolean not null,
    connected_at timestamp,
    first_seen_at timestamp not null,
    last_seen_at timestamp not null,
    deleted_at timestamp
);

comment on column accounts.account_id is 'Truto''s id of the integrated account';
comment on column accounts.display_name is 'your name for it, from `accounts.csv`; else integration and tenant';
comment on column accounts.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column accounts.tenant_id is 'the tenant the account belongs to in Truto';
comment on column accounts.status is 'status in Truto; only `active` accounts are fetched';
comment on column accounts.is_sandbox is 'whether Truto marks it as a sandbox account';
comment on column accounts.connected_at is 'when it was connected in Truto';
comment on column accounts.first_seen_at is 'when an account list first held it';
comment on column accounts.last_seen_at is 'when an account list last held it';
comment on column accounts.deleted_at is 'when an account list first lacked it; NULL while it is listed';
