-- grain: one change of an already loaded window, in one currency
-- key: account_id, report, window_start, window_end, currency, restated_at
create table restatements (
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
);

comment on column restatements.account_id is 'Truto''s id of the integrated account';
comment on column restatements.report is '`default`, or the name of a report the profile lists';
comment on column restatements.window_start is 'first day of the request window';
comment on column restatements.window_end is 'day after the last day of the request window';
comment on column restatements.currency is 'currency of the costs';
comment on column restatements.restated_at is 'when the change was loaded, UTC';
comment on column restatements.rows_before is 'rows before the change';
comment on column restatements.rows_after is 'rows after the change';
comment on column restatements.cost_before is 'cost before the change';
comment on column restatements.cost_after is 'cost after the change';
