-- grain: a landed window of which nothing can be loaded; `sha256` is NULL if its file was damaged
-- key: account_id, report, window_start, window_end
create table bookkeeping.windows_set_aside (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    sha256 varchar,
    reason varchar not null,
    set_aside_at timestamp not null,
    primary key (account_id, report, window_start, window_end)
);
