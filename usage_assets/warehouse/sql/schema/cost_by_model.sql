-- grain: one day of an account, provider, model, currency
-- key: usage_date, account_id, provider, model, currency
create table if not exists cost_by_model (
    -- UTC day the cost stands on
    usage_date date not null,
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case
    integration varchar not null,
    -- provider of the model, lower case; else the vendor of the integration
    provider varchar not null,
    -- canonical model name; `(none)` where the row names none
    model varchar not null,
    -- currency code; figures of two currencies are never added
    currency varchar not null,
    -- sum of `cost.cost`, in `currency`; NULL where every row's is NULL
    cost decimal(38, 12),
    -- sum of `cost.billed_cost`
    billed_cost decimal(38, 12),
    -- sum of `cost.estimated_cost`
    estimated_cost decimal(38, 12),
    -- sum of `cost.list_cost`
    list_cost decimal(38, 12),
    -- sum of `cost.tax`; not part of `cost`
    tax decimal(38, 12),
    -- sum of `cost.cost_usd`; rows without a rate are left out and counted in `unconverted_rows`
    cost_usd decimal(38, 12),
    -- the part of `cost` that the vendor may still restate; NULL where there is none
    provisional_cost decimal(38, 12),
    -- input tokens without the cached ones
    input_tokens bigint,
    -- input tokens read from the cache
    cached_input_tokens bigint,
    -- tokens written to the cache
    cache_write_tokens bigint,
    -- output tokens, reasoning included
    output_tokens bigint,
    -- requests
    requests bigint,
    -- rows of the API per currency; a row split over days counts on its first day
    usage_rows bigint not null,
    -- rows of `cost` with tokens and no price; their cost is NULL
    unpriced_rows bigint not null,
    -- rows of `cost` that are billed, included or estimated in a currency without rate to USD
    unconverted_rows bigint not null
)
