-- grain: one loaded window
-- key: account_id, report, window_start, window_end
create table if not exists loads (
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- `default`, or the name of a report the profile lists
    report varchar not null,
    -- first day of the request window
    window_start date not null,
    -- day after the last day of the request window
    window_end date not null,
    -- hash of the landing file
    sha256 varchar not null,
    -- rows in `usage`
    usage_rows bigint not null,
    -- rows left out because they start outside the window; the neighbouring window has them
    dropped_rows bigint not null,
    -- rows left out because another row has the same `usage_key`
    duplicate_rows bigint not null,
    -- whether the vendor restates this window no more
    is_final boolean not null,
    -- when the window was fetched, UTC
    fetched_at timestamp not null,
    -- when it was loaded, UTC
    loaded_at timestamp not null
)
