-- grain: one day that no load covers, between an account's first and last loaded day. Days before
-- the backfill of a new account are not checked: a manual backfill may leave gaps there; key: account_id, usage_date
with bounds as (
    select
        loads.account_id,
        greatest(min(loads.window_start), min(accounts.first_seen_at)::date - $backfill_days::integer) as first_day,
        max(loads.window_end) - 1 as last_day
    from loads
    left join accounts on loads.account_id = accounts.account_id
    group by loads.account_id
),

history as (
    select
        account_id,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as usage_date
    from bounds
)

select
    history.account_id,
    history.usage_date
from history
anti join loads
    on
        history.account_id = loads.account_id
        and history.usage_date >= loads.window_start
        and history.usage_date < loads.window_end
order by history.usage_date desc, history.account_id
