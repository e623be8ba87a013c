-- grain: one account and report with rows that last longer than the window they came in
-- key: account_id, report
select
    account_id,
    integration,
    report,
    count(*) as long_rows,
    min(usage_date) as first_day,
    max(usage_date) as last_day
from usage
where end_at - start_at > (window_end - window_start) * interval 1 day
group by account_id, integration, report
order by account_id, report
