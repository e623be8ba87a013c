-- deletes: the rates of the given days, so that they are looked up when the days are derived
-- key: usage_date, currency
delete from exchange_rates where usage_date in (select unnest($days::date[]))
