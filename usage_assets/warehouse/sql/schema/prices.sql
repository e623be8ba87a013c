-- grain: a provider's model on one day; prices in USD per token, NULL where the book knows none
-- key: provider, model, usage_date
create table if not exists prices (
    provider varchar not null,
    model varchar not null,
    usage_date date not null,
    matched_model varchar,
    input_price decimal(38, 18),
    cached_input_price decimal(38, 18),
    cache_write_price decimal(38, 18),
    output_price decimal(38, 18),
    price_book varchar not null
)
