-- grain: the new price of a meter of a provider's model in a price context, on a day
-- key: provider, model, price_context, meter, usage_date
insert into prices by name select * from new_prices
