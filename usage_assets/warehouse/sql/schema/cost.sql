-- grain: one row of the API, in one currency, on one day
-- key: usage_key, currency, usage_date
create table if not exists cost (
    -- UTC day the cost stands on
    usage_date date not null,
    -- the row of `usage`
    usage_key varchar not null,
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case
    integration varchar not null,
    -- `default`, or the name of a report the profile lists
    report varchar not null,
    -- first day of the request window
    window_start date not null,
    -- `id` of the row in the API
    row_id varchar not null,
    -- provider of the model, lower case; else the vendor of the integration
    provider varchar not null,
    -- canonical model name; `(none)` where the row names none
    model varchar not null,
    -- where it was used, such as an editor or a console; `(none)` where the row names none
    surface varchar not null,
    -- the person: e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`, else
    -- `(none)`
    user_key varchar not null,
    -- id of the product; `(none)` where the row names none
    product_id varchar not null,
    -- what is metered; `(none)` where the row names nothing
    metric_name varchar not null,
    -- id of the organization at the vendor; `(none)` where the row names none
    organization_id varchar not null,
    -- currency of the charges; `USD` for a row without charges
    currency varchar not null,
    -- `billed_cost`, else `estimated_cost`, in `currency`; never the two added up; NULL where neither is known
    cost decimal(38, 12),
    -- what the charges of this currency come to by `cost_rule`; NULL without such charges
    billed_cost decimal(38, 12),
    -- tokens times price, in `currency` by the rate of the day; NULL without price or rate
    estimated_cost decimal(38, 12),
    -- tokens times price, in USD
    estimated_cost_usd decimal(38, 12),
    -- cost before discounts and credits, `included` charges added
    list_cost decimal(38, 12),
    -- charges of type `tax`; not part of `cost`
    tax decimal(38, 12),
    -- `cost` in USD by `fx_rate`, an estimate as the price book has it; NULL without rate
    cost_usd decimal(38, 12),
    -- `billed`, `included` (billed 0), `estimated`, `covered` (tokens whose bill stands elsewhere), `unpriced`
    -- (tokens, no price) or `none`
    cost_basis varchar not null,
    -- `net`, `total`, `components` or `included`: the charge types that gave `billed_cost`; `price_book` for an
    -- estimate; else `none`
    cost_rule varchar not null,
    -- `exact`, or `prorated` for a row longer than 24 hours that is split over its days
    allocation varchar not null,
    -- whether the vendor may still restate the window
    is_provisional boolean not null,
    -- USD per unit of `currency`: 1 for USD; NULL where no rate is known
    fx_rate decimal(38, 18),
    -- day the rate is of: on a weekend the Friday before
    fx_date date,
    -- whether the day lies after the last rate that is known; NULL without rate
    fx_stale boolean,
    -- name and version of the price book behind the estimate; NULL without an estimate
    price_book varchar,
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
    -- distinct sessions; not to be added up over rows
    sessions bigint
)
