-- grain: one user id of an account
-- key: account_id, user_id
create table if not exists users (
    account_id varchar not null,
    user_id varchar not null,
    user_key varchar not null,
    user_email varchar,
    user_name varchar,
    first_day date not null,
    last_day date not null
)
