-- deletes: the prices that new prices replace
-- key: provider, model, usage_date
delete from prices
where (provider, model, usage_date) in (select (provider, model, usage_date) from new_prices)
