-- grain: one month of which seats change
-- key: month
select distinct month from changed_months
