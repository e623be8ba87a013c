-- grain: one loaded window
-- key: account_id, report, window_start, window_end
create table loads (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    sha256 varchar not null,
    usage_rows bigint not null,
    dropped_rows bigint not null,
    duplicate_rows bigint not null,
    is_final boolean not null,
    fetched_at timestamp not null,
    loaded_at timestamp not null
);

comment on column loads.account_id is 'Truto''s id of the integrated account';
comment on column loads.report is '`default`, or the name of a report the profile lists';
comment on column loads.window_start is 'first day of the request window';
comment on column loads.window_end is 'day after the last day of the request window';
comment on column loads.sha256 is 'hash of the landing file';
comment on column loads.usage_rows is 'rows in `usage`';
comment on column loads.dropped_rows is 'rows left out because they start outside the window; the neighbouring window has them';
comment on column loads.duplicate_rows is 'rows left out because another row has the same `usage_key`';
comment on column loads.is_final is 'whether the vendor no longer restates this window';
comment on column loads.fetched_at is 'when the window was fetched, UTC';
comment on column loads.loaded_at is 'when it was loaded, UTC';
