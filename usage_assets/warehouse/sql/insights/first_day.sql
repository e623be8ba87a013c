-- grain: one row, the first day with cost and the last day that is projected; NULL where there is none
-- key: none
select
    (select min(usage_date) from cost_by_account) as first_day,
    (select max(usage_date) from spend_projection) as last_day
