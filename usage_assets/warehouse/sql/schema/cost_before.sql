-- grain: the cost of one replaced window in one currency before it was loaded again
-- key: account_id, report, window_start, window_end, currency
create table bookkeeping.cost_before (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    currency varchar not null,
    usage_rows bigint not null,
    cost decimal(38, 12)
);
