-- grain: one loaded list of users, by account and day in one text, with the hash of its content
-- key: account_id, listed_on
select
    account_id || ' ' || listed_on::varchar as list_name,
    sha256
from bookkeeping.user_lists
