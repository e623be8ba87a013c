-- grain: one replaced window in one currency whose rows or cost changed
-- key: account_id, report, window_start, window_end, currency, restated_at
insert into restatements by name
with replaced as (
    select * from bookkeeping.replaced_windows where was_loaded
),

after as (
    select
        replaced.account_id,
        replaced.report,
        replaced.window_start,
        replaced.window_end,
        cost.currency,
        count(distinct cost.usage_key) as usage_rows,
        sum(cost.cost) as cost
    from cost
    inner join replaced using (account_id, report, window_start)
    semi join loads using (account_id, report, window_start, window_end)
    where cost.usage_date >= $first_day and cost.usage_date <= $last_day
    group by all
),

changes as (
    select
        account_id,
        report,
        window_start,
        window_end,
        currency,
        coalesce(before.usage_rows, 0) as rows_before,
        coalesce(after.usage_rows, 0) as rows_after,
        before.cost as cost_before,
        after.cost as cost_after
    from bookkeeping.cost_before as before
    full join after using (account_id, report, window_start, window_end, currency)
)

select
    changes.*,
    replaced.replaced_at as restated_at
from changes
inner join replaced using (account_id, report, window_start, window_end)
where rows_before <> rows_after or cost_before is distinct from cost_after
