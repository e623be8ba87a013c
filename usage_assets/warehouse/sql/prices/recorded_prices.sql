-- grain: the recorded price of a meter on a day of the range
-- key: provider, model, price_context, meter, usage_date
select
    provider,
    model,
    price_context,
    meter,
    usage_date,
    matched_model,
    unit_price,
    is_context_priced,
    price_book
from prices
where usage_date between $first_day and $last_day
order by usage_date, provider, model, price_context, meter
