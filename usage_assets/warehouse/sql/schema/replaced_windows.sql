-- grain: one replaced window whose cost is not derived again yet
-- key: account_id, report, window_start, window_end
create table bookkeeping.replaced_windows (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    was_loaded boolean not null,
    replaced_at timestamp not null
);
