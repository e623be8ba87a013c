-- grain: one list of the users of an account, as of a day; `is_complete` if whoever is missing has left
-- key: account_id, listed_on
create table bookkeeping.user_lists (
    account_id varchar not null,
    listed_on date not null,
    integration varchar not null,
    sha256 varchar not null,
    is_complete boolean not null,
    unreadable_rows bigint not null,
    fetched_at timestamp not null
);
