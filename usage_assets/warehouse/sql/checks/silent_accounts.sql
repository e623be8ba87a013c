-- grain: one active account whose last row is more than three days older than its vendor's lag explains
-- key: account_id
with last_rows as (
    select
        account_id,
        max(usage_date) as last_day
    from cost_by_account
    group by account_id
),

loaded as (
    select
        account_id,
        max(window_end) - 1 as last_loaded_day
    from loads
    group by account_id
),

integration_lags as (
    select
        unnest($integrations::varchar[]) as integration,
        unnest($lags::integer[]) as lag
)

select
    accounts.account_id,
    accounts.integration,
    last_rows.last_day,
    loaded.last_loaded_day
from accounts
inner join loaded on accounts.account_id = loaded.account_id
left join last_rows on accounts.account_id = last_rows.account_id
left join integration_lags on accounts.integration = integration_lags.integration
-- an account whose rows do not count any more is not silent
anti join bookkeeping.ignored_days as ignored
    on accounts.account_id = ignored.account_id and accounts.last_seen_at::date <= ignored.last_day
where
    accounts.status = 'active'
    and accounts.deleted_at is null
    and coalesce(last_rows.last_day, date '0001-01-01')
    < accounts.last_seen_at::date - coalesce(integration_lags.lag, $default_lag)::integer - 3
order by accounts.account_id
