-- the prices about to be noted anew
-- key: provider, model, usage_date
delete from prices
where (provider, model, usage_date) in (select (provider, model, usage_date) from repriced)
