-- grain: one user in a list of an account
-- key: account_id, listed_on, user_id
create table bookkeeping.listed_users (
    account_id varchar not null,
    listed_on date not null,
    user_id varchar not null,
    user_email varchar,
    user_name varchar,
    status varchar,
    role varchar,
    seat_type varchar,
    spend_limit decimal(38, 12),
    spend_limit_currency varchar,
    last_active_on date,
    created_on date
);
