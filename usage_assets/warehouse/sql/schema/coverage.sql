-- grain: one day of an account's history
-- key: usage_date, account_id
create table coverage (
    usage_date date not null,
    account_id varchar not null,
    integration varchar not null,
    state varchar not null,
    landed_at timestamp,
    reason varchar
);

comment on column coverage.usage_date is 'UTC day';
comment on column coverage.account_id is 'Truto''s id of the integrated account';
comment on column coverage.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column coverage.state is '`final`, `provisional` (the vendor may still restate it), `not_ready` (within the vendor''s lag), `missing` or `failed`';
comment on column coverage.landed_at is 'when the usage of the day was fetched, UTC; NULL unless `final` or `provisional`';
comment on column coverage.reason is 'why the day is `failed`, or why a `missing` day is not fetched; else NULL';
