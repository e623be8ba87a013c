-- grain: one row of the API that could not be loaded
-- key: account_id, report, window_start, window_end, file_row
create table rejected_rows (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    file_row bigint not null,
    row_id varchar,
    reason varchar not null,
    row_json varchar not null,
    rejected_at timestamp not null
);

comment on column rejected_rows.account_id is 'Truto''s id of the integrated account';
comment on column rejected_rows.report is '`default`, or the name of a report the profile lists';
comment on column rejected_rows.window_start is 'first day of the request window';
comment on column rejected_rows.window_end is 'day after the last day of the request window';
comment on column rejected_rows.file_row is 'line of the row in the landing file, from 1';
comment on column rejected_rows.row_id is '`id` of the row; NULL where it has none, or where its line cannot be read';
comment on column rejected_rows.reason is 'what cannot be read';
comment on column rejected_rows.row_json is 'the row as the API sent it';
comment on column rejected_rows.rejected_at is 'when it was rejected, UTC';
