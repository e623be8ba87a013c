-- grain: a provider's model on a day, at its new price
-- key: provider, model, usage_date
insert into prices by name select * from repriced
