-- the days about to be derived, in cost_findings
-- key: usage_date
delete from bookkeeping.cost_findings where usage_date in (select usage_date from days)
