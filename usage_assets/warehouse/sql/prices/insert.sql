-- grain: the new price of a provider's model on a day
-- key: provider, model, usage_date
insert into prices by name select * from new_prices
