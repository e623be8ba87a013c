-- grain: one day of an account's history, with its state today
-- key: usage_date, account_id
create or replace temp table new_coverage as
with loaded_windows as (
    select
        loads.account_id,
        loads.window_start,
        loads.window_end,
        loads.is_final,
        histories.lag,
        coalesce(later.fetched_at, loads.fetched_at) as fetched_at
    from loads
    inner join account_histories as histories
        on loads.account_id = histories.account_id and list_contains(histories.reports, loads.report)
    left join later_fetches as later
        on
            loads.account_id = later.account_id
            and loads.report = later.report
            and loads.window_start = later.window_start
            and loads.window_end = later.window_end
),

loaded_days as (
    select
        account_id,
        lag,
        is_final,
        fetched_at,
        unnest(generate_series(window_start, window_end - 1, interval 1 day))::date as usage_date
    from loaded_windows
),

-- a day that was fetched before it was ready is not held yet
held_days as (
    select
        account_id,
        usage_date,
        count(*) as reports,
        bool_and(is_final) as is_final,
        min(fetched_at) as landed_at
    from loaded_days
    where is_final or fetched_at::date >= usage_date + lag
    group by account_id, usage_date
),

held_spans as (
    select
        account_id,
        min(usage_date) as first_day,
        max(usage_date) as last_day
    from held_days
    group by account_id
),

-- days before those that were asked for may have landed by hand, with gaps that nobody expects to be filled
history_spans as (
    select
        histories.account_id,
        case
            when held.first_day is null and histories.first_wanted_day is null then null
            when held.first_day is null then histories.first_asked_day
            else least(greatest(held.first_day, histories.first_asked_day), histories.first_wanted_day)
        end as first_day,
        coalesce(histories.last_day, held.last_day) as last_day
    from account_histories as histories
    left join held_spans as held on histories.account_id = held.account_id
),

history_days as (
    select
        account_id,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as usage_date
    from history_spans
),

earlier_days as (
    select
        days.account_id,
        days.usage_date
    from (
        select account_id, usage_date from held_days
        union
        select account_id, usage_date from failed_days
    ) as days
    inner join history_spans as spans on days.account_id = spans.account_id
    where days.usage_date < coalesce(spans.first_day, date 'infinity') and days.usage_date <= spans.last_day
),

days_that_count as (
    select days.*
    from (
        from history_days
        union all
        from earlier_days
    ) as days
    anti join bookkeeping.ignored_days as ignored
        on
            days.account_id = ignored.account_id
            and days.usage_date >= ignored.first_day
            and days.usage_date <= ignored.last_day
),

days_set_aside as (
    select
        aside.account_id,
        unnest(generate_series(aside.window_start, aside.window_end - 1, interval 1 day))::date as usage_date,
        aside.reason
    from bookkeeping.windows_set_aside as aside
    inner join account_histories as histories
        on aside.account_id = histories.account_id and list_contains(histories.reports, aside.report)
),

reasons_set_aside as (
    select
        account_id,
        usage_date,
        min(reason) as reason
    from days_set_aside
    group by account_id, usage_date
),

states as (
    select
        days.usage_date,
        days.account_id,
        histories.integration,
        histories.not_fetched,
        held.landed_at,
        coalesce(aside.reason, failed.reason) as failure,
        case
            when days.usage_date > histories.last_ready_day then 'not_ready'
            when aside.reason is not null then 'failed'
            when held.reports = len(histories.reports) and held.is_final then 'final'
            when held.reports = len(histories.reports) then 'provisional'
            when failed.reason is not null then 'failed'
            else 'missing'
        end as state
    from days_that_count as days
    inner join account_histories as histories on days.account_id = histories.account_id
    left join held_days as held on days.account_id = held.account_id and days.usage_date = held.usage_date
    left join reasons_set_aside as aside
        on days.account_id = aside.account_id and days.usage_date = aside.usage_date
    left join failed_days as failed on days.account_id = failed.account_id and days.usage_date = failed.usage_date
)

select
    usage_date,
    account_id,
    integration,
    state,
    case when state in ('final', 'provisional') then landed_at end as landed_at,
    case state when 'failed' then failure when 'missing' then not_fetched end as reason
from states
