-- grain: a provider's model on one day; prices in USD per token, NULL where the book knows none
-- key: provider, model, usage_date
create table if not exists prices (
    -- provider, as in `usage`
    provider varchar not null,
    -- model, as in `usage`
    model varchar not null,
    -- first UTC day of the rows it prices
    usage_date date not null,
    -- the model's id in the price book; NULL where the book knows none
    matched_model varchar,
    -- USD per uncached input token
    input_price decimal(38, 18),
    -- USD per input token read from the cache
    cached_input_price decimal(38, 18),
    -- USD per token written to the cache
    cache_write_price decimal(38, 18),
    -- USD per output token
    output_price decimal(38, 18),
    -- name and version of the price book, such as `genai-prices 0.2.3`; `prices.csv` and the start of its hash for
    -- your own price
    price_book varchar not null
)
