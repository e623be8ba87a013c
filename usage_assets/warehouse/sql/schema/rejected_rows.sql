-- grain: one row of the API that could not be loaded
-- key: account_id, report, window_start, window_end, file_row
create table if not exists rejected_rows (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    file_row bigint not null,
    row_id varchar,
    reason varchar not null,
    row_json varchar not null,
    rejected_at timestamp not null
)
