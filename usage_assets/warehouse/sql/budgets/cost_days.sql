-- grain: one day with cost
-- key: usage_date
select distinct usage_date from cost_by_account
