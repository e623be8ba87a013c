-- grain: one day of an account whose usage is loaded and was ready at the vendor when it was fetched
-- key: account_id, usage_date
create or replace temp table complete_days as
with integration_lags as (
    select
        unnest($integrations::varchar[]) as integration,
        unnest($lags::integer[]) as lag
),

reports as (
    select
        account_id,
        count(distinct report) as reports
    from loads
    group by account_id
),

loaded_days as (
    select
        loads.account_id,
        loads.report,
        loads.is_final,
        loads.fetched_at::date as fetched_on,
        coalesce(integration_lags.lag, $default_lag::integer) as lag,
        unnest(generate_series(loads.window_start, loads.window_end - 1, interval 1 day))::date as usage_date
    from loads
    left join accounts on loads.account_id = accounts.account_id
    left join integration_lags on accounts.integration = integration_lags.integration
),

held_days as (
    select
        account_id,
        usage_date,
        count(distinct report) as reports
    from loaded_days
    where is_final or fetched_on >= usage_date + lag
    group by account_id, usage_date
)

select
    held_days.account_id,
    held_days.usage_date
from held_days
inner join reports on held_days.account_id = reports.account_id and held_days.reports = reports.reports
anti join bookkeeping.ignored_days as ignored
    on
        held_days.account_id = ignored.account_id
        and held_days.usage_date >= ignored.first_day
        and held_days.usage_date <= ignored.last_day
