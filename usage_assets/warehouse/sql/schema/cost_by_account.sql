-- grain: one day of an account, currency
-- key: usage_date, account_id, currency
create table if not exists cost_by_account (
    usage_date date not null,
    account_id varchar not null,
    integration varchar not null,
    tenant_id varchar,
    currency varchar not null,
    cost decimal(38, 12),
    billed_cost decimal(38, 12),
    estimated_cost decimal(38, 12),
    list_cost decimal(38, 12),
    tax decimal(38, 12),
    cost_usd decimal(38, 12),
    provisional_cost decimal(38, 12),
    input_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    output_tokens bigint,
    requests bigint,
    usage_rows bigint not null,
    unpriced_rows bigint not null,
    unconverted_rows bigint not null
)
