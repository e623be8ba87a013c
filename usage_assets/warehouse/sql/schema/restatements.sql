-- grain: one change of an already loaded window, in one currency
-- key: account_id, report, window_start, window_end, currency, restated_at
create table if not exists restatements (
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- `default`, or the name of a report the profile lists
    report varchar not null,
    -- first day of the request window
    window_start date not null,
    -- day after the last day of the request window
    window_end date not null,
    -- currency of the costs
    currency varchar not null,
    -- when the change was loaded, UTC
    restated_at timestamp not null,
    -- rows before the change
    rows_before bigint not null,
    -- rows after the change
    rows_after bigint not null,
    -- cost before the change
    cost_before decimal(38, 12),
    -- cost after the change
    cost_after decimal(38, 12)
)
