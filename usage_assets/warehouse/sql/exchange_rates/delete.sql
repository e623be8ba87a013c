-- deletes: the rates of the days being derived
-- key: usage_date, currency
delete from exchange_rates where usage_date in (select days.usage_date from days)
