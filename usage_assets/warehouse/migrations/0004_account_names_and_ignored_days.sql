-- Give each account its name for people, and create the table of days on which the rows of an account do not count.
alter table accounts rename to accounts_before;

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

insert into accounts by name
select
    *,
    concat_ws(' · ', integration, tenant_id) as display_name
from accounts_before;

drop table accounts_before;

create table bookkeeping.ignored_days (
    account_id varchar not null,
    first_day date not null,
    last_day date not null,
    reason varchar not null
);
