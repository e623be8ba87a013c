-- grain: one user id of an account
-- key: account_id, user_id
create table if not exists users (
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- the vendor's id of the user
    user_id varchar not null,
    -- last e-mail seen, in lower case; else `account_id:user_id`; earlier rows without an e-mail follow it
    user_key varchar not null,
    -- last e-mail seen, as the API wrote it
    user_email varchar,
    -- last name seen
    user_name varchar,
    -- first UTC day on which a row of this user starts
    first_day date not null,
    -- last UTC day on which a row of this user starts
    last_day date not null
)
