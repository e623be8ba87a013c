-- the days about to be derived, in price_variance
-- key: usage_date
delete from price_variance where usage_date in (select usage_date from days)
