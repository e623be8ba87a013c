-- grain: one day of an account, provider, model, currency that has both a bill and an estimate
-- key: usage_date, account_id, provider, model, currency
create table price_variance (
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
);

comment on column price_variance.usage_date is 'day of the cost, as the vendor writes it';
comment on column price_variance.account_id is 'Truto''s id of the integrated account';
comment on column price_variance.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column price_variance.provider is 'provider of the model, lower case; else the vendor of the integration';
comment on column price_variance.model is 'canonical model name; `(none)` where the row names none';
comment on column price_variance.currency is 'currency code; figures of two currencies are never added';
comment on column price_variance.cost_rows is 'rows of `cost` with both figures';
comment on column price_variance.billed_cost is 'sum of their `billed_cost`';
comment on column price_variance.list_cost is 'sum of their `list_cost`';
comment on column price_variance.estimated_cost is 'sum of their `estimated_cost`';
comment on column price_variance.variance is '`billed_cost` less `estimated_cost`';
comment on column price_variance.billed_per_estimated is '`billed_cost` divided by `estimated_cost`, a statistic; NULL where the estimate is 0';
