-- grain: one day between an account's first and last loaded day that no load covers
-- key: account_id, usage_date
with bounds as (
    select
        account_id,
        unnest(generate_series(min(window_start), max(window_end) - 1, interval 1 day))::date as usage_date
    from loads
    group by account_id
)

select
    bounds.account_id,
    bounds.usage_date
from bounds
anti join loads
    on
        bounds.account_id = loads.account_id
        and bounds.usage_date >= loads.window_start
        and bounds.usage_date < loads.window_end
order by bounds.usage_date desc, bounds.account_id
