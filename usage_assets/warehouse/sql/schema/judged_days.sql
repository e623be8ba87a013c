-- grain: one complete day of an account by which unusual days were last found
-- key: account_id, usage_date
create table bookkeeping.judged_days (
    account_id varchar not null,
    usage_date date not null
);
