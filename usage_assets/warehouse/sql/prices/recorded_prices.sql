-- grain: the recorded price of a model on a day of the range
-- key: provider, model, usage_date
select
    provider,
    model,
    usage_date,
    matched_model,
    input_price,
    cached_input_price,
    cache_write_price,
    output_price,
    price_book
from prices
where usage_date between $first_day and $last_day
order by usage_date, provider, model
