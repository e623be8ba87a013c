-- grain: one meter of a provider's model in a price context, on one day
-- key: provider, model, price_context, meter, usage_date
create table prices (
    provider varchar not null,
    model varchar not null,
    price_context varchar not null,
    meter varchar not null,
    usage_date date not null,
    matched_model varchar,
    unit_price decimal(38, 18),
    is_context_priced boolean not null,
    price_book varchar not null
);

comment on column prices.provider is 'provider, as in `usage`';
comment on column prices.model is 'model, as in `usage.meters`';
comment on column prices.price_context is 'price context, as in `usage`';
comment on column prices.meter is 'meter, as in `usage.meters`: `input`, `cache_read`, `cache_write`, `cache_write_1h`, `output`, `web_search`, …';
comment on column prices.usage_date is 'first day of the rows it prices';
comment on column prices.matched_model is 'the model''s id in the price book; NULL where the book has none';
comment on column prices.unit_price is 'USD per unit of the meter: a token, a search, a request; NULL where the book has none';
comment on column prices.is_context_priced is 'whether it is the price of the whole context; false where the book has only the standard price';
comment on column prices.price_book is 'the price book: `genai-prices 0.2.3` as the package brings it, `genai-prices 2026-11-28 1a2b3c4d` for a download, by day and start of its hash; `prices.csv` and the start of its hash for your own price';
