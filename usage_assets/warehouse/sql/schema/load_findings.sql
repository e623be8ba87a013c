-- grain: a finding about the rows of one loaded window, by subject and currency
-- key: check_name, account_id, report, window_start, window_end, subject, currency
create table bookkeeping.load_findings (
    check_name varchar not null,
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    subject varchar,
    currency varchar,
    affected_rows bigint not null,
    amount decimal(38, 12),
    tokens hugeint
);
