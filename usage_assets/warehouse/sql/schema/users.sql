-- grain: one user id of an account
-- key: account_id, user_id
create table users (
    account_id varchar not null,
    user_id varchar not null,
    user_key varchar not null,
    user_email varchar,
    user_name varchar,
    first_day date not null,
    last_day date not null
);

comment on column users.account_id is 'Truto''s id of the integrated account';
comment on column users.user_id is 'the vendor''s id of the user';
comment on column users.user_key is 'last e-mail seen, in lower case, also for earlier rows without an e-mail; else `account_id:user_id`';
comment on column users.user_email is 'last e-mail seen, as the API wrote it';
comment on column users.user_name is 'last name seen';
comment on column users.first_day is 'first day on which a row of this user starts, as the vendor writes it';
comment on column users.last_day is 'last day on which a row of this user starts, as the vendor writes it';
