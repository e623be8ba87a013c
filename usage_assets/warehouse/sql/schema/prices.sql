-- grain: a provider's model on one day; prices in USD per token, NULL where the book has none
-- key: provider, model, usage_date
create table prices (
    provider varchar not null,
    model varchar not null,
    usage_date date not null,
    matched_model varchar,
    input_price decimal(38, 18),
    cached_input_price decimal(38, 18),
    cache_write_price decimal(38, 18),
    output_price decimal(38, 18),
    price_book varchar not null
);

comment on column prices.provider is 'provider, as in `usage`';
comment on column prices.model is 'model, as in `usage`';
comment on column prices.usage_date is 'first UTC day of the rows it prices';
comment on column prices.matched_model is 'the model''s id in the price book; NULL where the book has none';
comment on column prices.input_price is 'USD per uncached input token';
comment on column prices.cached_input_price is 'USD per input token read from the cache';
comment on column prices.cache_write_price is 'USD per token written to the cache';
comment on column prices.output_price is 'USD per output token';
comment on column prices.price_book is 'name and version of the price book, such as `genai-prices 0.2.3`; `prices.csv` and the start of its hash for your own price';
