-- grain: one day of an account, provider, model, currency that has both a bill and an estimate
-- key: usage_date, account_id, provider, model, currency
create table if not exists price_variance (
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
    -- rows of `cost` with both figures
    cost_rows bigint not null,
    -- sum of their `billed_cost`
    billed_cost decimal(38, 12) not null,
    -- sum of their `list_cost`
    list_cost decimal(38, 12),
    -- sum of their `estimated_cost`
    estimated_cost decimal(38, 12) not null,
    -- `billed_cost` less `estimated_cost`
    variance decimal(38, 12) not null,
    -- the one divided by the other, a statistic; NULL where the estimate is 0
    billed_per_estimated double
)
