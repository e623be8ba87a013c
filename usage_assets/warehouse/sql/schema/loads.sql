-- grain: one loaded window
-- key: account_id, report, window_start, window_end
create table if not exists loads (
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
)
