-- the days about to be derived, in cost_doubts
-- key: usage_date
delete from bookkeeping.cost_doubts where usage_date in (select usage_date from days)
