-- grain: one day of an account, provider, model, currency that has both a bill and an estimate
-- key: usage_date, account_id, provider, model, currency
create table if not exists price_variance (
    usage_date date not null,
    account_id varchar not null,
    integration varchar not null,
    provider varchar not null,
    model varchar not null,
    currency varchar not null,
    cost_rows bigint not null,
    billed_cost decimal(38, 12) not null,
    list_cost decimal(38, 12),
    estimated_cost decimal(38, 12) not null,
    variance decimal(38, 12) not null,
    billed_per_estimated double
)
