-- grain: an account's day with a bill without tokens, which covers the tokens of the account's other reports; only
-- integrations that bill by report have any; `first_report` and `last_report` are equal for a single one
-- key: account_id, usage_date
create or replace temp table report_bills as
with bills as (
    select
        account_id,
        report,
        unnest(generate_series(usage_date, last_day, interval 1 day))::date as usage_date
    from row_costs
    where bills_by = 'reports' and is_bill_without_tokens
)

select
    account_id,
    usage_date,
    min(report) as first_report,
    max(report) as last_report
from bills
where usage_date in (select days.usage_date from days)
group by account_id, usage_date
