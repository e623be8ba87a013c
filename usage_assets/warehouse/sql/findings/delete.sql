-- deletes: the findings about cost on the days being derived
-- key: usage_date
delete from bookkeeping.cost_findings where usage_date in (select usage_date from days)
