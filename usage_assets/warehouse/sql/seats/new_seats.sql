-- grain: one user in the lists of an account in a month
-- key: account_id, month, user_id
create or replace temp table new_seats as
with lists as (
    select
        account_id,
        listed_on,
        integration,
        is_complete,
        date_trunc('month', listed_on)::date as month,
        lead(listed_on) over (partition by account_id order by listed_on) as next_listed_on
    from bookkeeping.user_lists
),

last_lists as (
    select
        account_id,
        month,
        max(listed_on) as listed_on
    from lists
    group by account_id, month
),

listed as (
    select
        users.account_id,
        lists.month,
        users.user_id,
        min(users.listed_on) as first_seen_on,
        max(users.listed_on) as last_seen_on,
        max(users.last_active_on) as last_active_at_vendor
    from bookkeeping.listed_users as users
    inner join lists on users.account_id = lists.account_id and users.listed_on = lists.listed_on
    where lists.month in (select months.month from months)
    group by users.account_id, lists.month, users.user_id
),

described as (
    select
        listed.*,
        lists.integration,
        last_lists.listed_on as last_listed_on,
        users.user_email,
        users.user_name,
        users.status,
        users.role,
        users.seat_type,
        users.spend_limit,
        users.spend_limit_currency,
        users.created_on,
        coalesce(lower(users.user_email), known.user_key, listed.account_id || ':' || listed.user_id) as user_key,
        case when lists.is_complete and later.user_id is null then lists.next_listed_on end as left_on,
        not lists.is_complete or listed.last_seen_on = last_lists.listed_on as has_seat
    from listed
    inner join bookkeeping.listed_users as users
        on
            listed.account_id = users.account_id
            and listed.user_id = users.user_id
            and listed.last_seen_on = users.listed_on
    inner join lists on listed.account_id = lists.account_id and listed.last_seen_on = lists.listed_on
    inner join last_lists on listed.account_id = last_lists.account_id and listed.month = last_lists.month
    left join bookkeeping.listed_users as later
        on
            listed.account_id = later.account_id
            and listed.user_id = later.user_id
            and lists.next_listed_on = later.listed_on
    left join users as known on listed.account_id = known.account_id and listed.user_id = known.user_id
),

active_ids as (
    select
        account_id,
        user_id,
        date_trunc('month', usage_date)::date as month,
        max(usage_date) as last_day
    from bookkeeping.active_users
    where user_id is not null
    group by all
),

active_keys as (
    select
        account_id,
        user_key,
        date_trunc('month', usage_date)::date as month,
        max(usage_date) as last_day
    from bookkeeping.active_users
    group by all
),

seen as (
    select
        described.*,
        greatest(described.last_active_at_vendor, active_ids.last_day, active_keys.last_day) as last_active_on
    from described
    asof left join active_ids
        on
            described.account_id = active_ids.account_id
            and described.user_id = active_ids.user_id
            and described.month >= active_ids.month
    asof left join active_keys
        on
            described.account_id = active_keys.account_id
            and described.user_key = active_keys.user_key
            and described.month >= active_keys.month
),

prices as (
    select
        seen.account_id,
        seen.month,
        seen.user_id,
        -- a line of the account counts before one of the integration, then one of the seat type before one of all types
        first(
            {monthly_price: seat_prices.monthly_price, currency: seat_prices.currency}
            order by seat_prices.account_id desc, seat_prices.seat_type desc
        ) as price
    from seen
    inner join seat_prices
        on
            seat_prices.account_id in ('', seen.account_id)
            and seat_prices.integration in ('', lower(seen.integration))
            and seat_prices.seat_type in ('', lower(coalesce(seen.seat_type, '')))
            and seen.last_seen_on between seat_prices.valid_from and seat_prices.valid_to
    group by seen.account_id, seen.month, seen.user_id
)

select
    seen.account_id,
    seen.month,
    seen.integration,
    seen.user_id,
    seen.user_key,
    seen.user_email,
    seen.user_name,
    seen.status,
    seen.role,
    seen.seat_type,
    seen.spend_limit,
    seen.spend_limit_currency,
    seen.first_seen_on,
    seen.last_seen_on,
    seen.left_on,
    seen.last_active_on,
    seen.has_seat
    and coalesce(seen.status, '') <> 'deleted'
    and coalesce(greatest(seen.last_active_on, seen.created_on), date '0001-01-01')
    < seen.last_listed_on - $idle_days::integer as is_idle,
    prices.price.monthly_price,
    prices.price.currency
from seen
left join prices using (account_id, month, user_id)
