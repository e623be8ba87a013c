-- grain: a row of a landed window that starts outside it, in one currency of its charges; another window may bring it
-- key: account_id, report, window_start, window_end, file_row, currency
create table bookkeeping.outside_rows (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    file_row bigint not null,
    row_id varchar,
    usage_date date not null,
    currency varchar,
    amount decimal(38, 12)
);
