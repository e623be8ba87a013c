-- deletes: the rates of a currency that is no longer shown, on days without cost in it
-- key: usage_date, currency
delete from exchange_rates
where
    currency = $currency
    and usage_date not in (select cost.usage_date from cost where cost.currency = $currency)
