-- deletes: the prices that new prices replace
-- key: provider, model, price_context, meter, usage_date
delete from prices
where
    (provider, model, price_context, meter, usage_date) in (
        select (provider, model, price_context, meter, usage_date) from new_prices
    )
