-- grain: one change of an already loaded window, in one currency
-- key: account_id, report, window_start, window_end, currency, restated_at
create table if not exists restatements (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    currency varchar not null,
    restated_at timestamp not null,
    rows_before bigint not null,
    rows_after bigint not null,
    cost_before decimal(38, 12),
    cost_after decimal(38, 12)
)
