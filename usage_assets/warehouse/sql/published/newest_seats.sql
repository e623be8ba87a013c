-- grain: one user in the newest month of lists of an account, from published files
-- key: account_id, user_id
select
    account_id,
    month,
    max(last_seen_on) over (partition by account_id) as listed_on,
    user_id,
    user_key,
    user_email,
    user_name,
    status,
    role,
    seat_type,
    spend_limit,
    spend_limit_currency,
    left_on,
    last_active_on,
    is_idle,
    monthly_price,
    currency
from read_parquet($files)
qualify month = max(month) over (partition by account_id)
order by account_id, is_idle desc, last_active_on nulls first, user_key, user_id
