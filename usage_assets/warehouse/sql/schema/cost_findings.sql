-- grain: a finding about the cost of one account's day, by subject and currency
-- key: check_name, usage_date, account_id, subject, currency
create table bookkeeping.cost_findings (
    check_name varchar not null,
    usage_date date not null,
    account_id varchar not null,
    subject varchar,
    currency varchar,
    affected_rows bigint not null,
    amount decimal(38, 12),
    tokens hugeint
);
