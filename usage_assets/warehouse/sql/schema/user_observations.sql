-- grain: one user id of an account with one e-mail and one name, and the days of the rows with them
-- key: account_id, user_id, user_email, user_name
create table bookkeeping.user_observations (
    account_id varchar not null,
    user_id varchar not null,
    user_email varchar,
    user_name varchar,
    first_day date not null,
    last_day date not null,
    last_at timestamp not null
);
