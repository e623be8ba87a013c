-- grain: one person who was active on a day of an account, by user id
-- key: usage_date, account_id, user_id, user_key
create table bookkeeping.active_users (
    usage_date date not null,
    account_id varchar not null,
    user_id varchar,
    user_key varchar not null
);
