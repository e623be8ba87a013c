-- grain: one span of days, both included, on which the rows of an account do not count
-- key: account_id, first_day, last_day, reason
create table bookkeeping.ignored_days (
    account_id varchar not null,
    first_day date not null,
    last_day date not null,
    reason varchar not null
);
