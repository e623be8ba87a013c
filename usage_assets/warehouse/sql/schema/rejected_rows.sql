-- grain: one row of the API that could not be loaded
-- key: account_id, report, window_start, window_end, file_row
create table if not exists rejected_rows (
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- `default`, or the name of a report the profile lists
    report varchar not null,
    -- first day of the request window
    window_start date not null,
    -- day after the last day of the request window
    window_end date not null,
    -- line of the row in the landing file, from 1
    file_row bigint not null,
    -- `id` of the row, if it has one
    row_id varchar,
    -- what cannot be read
    reason varchar not null,
    -- the row as it came
    row_json varchar not null,
    -- when it was rejected, UTC
    rejected_at timestamp not null
)
