-- grain: one list of the users of an account, as of a day
-- key: account_id, listed_on
insert into bookkeeping.user_lists by name
select
    $account_id as account_id,
    $listed_on as listed_on,
    $integration as integration,
    $sha256 as sha256,
    $is_complete as is_complete,
    $unreadable_rows as unreadable_rows,
    $fetched_at as fetched_at
