-- grain: one day of an account, provider, model, meter, currency
-- key: usage_date, account_id, provider, model, meter, currency
create table cost_by_meter (
    usage_date date not null,
    account_id varchar not null,
    integration varchar not null,
    provider varchar not null,
    model varchar not null,
    meter varchar not null,
    currency varchar not null,
    quantity bigint,
    cost decimal(38, 12),
    cost_usd decimal(38, 12),
    list_price_cost_usd decimal(38, 12),
    cache_savings_usd decimal(38, 12)
);

comment on column cost_by_meter.usage_date is 'day of the cost, as the vendor writes it';
comment on column cost_by_meter.account_id is 'Truto''s id of the integrated account';
comment on column cost_by_meter.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column cost_by_meter.provider is 'provider of the model, lower case; else the vendor of the integration';
comment on column cost_by_meter.model is 'canonical model name; `(none)` where the row names none';
comment on column cost_by_meter.meter is 'what is counted, as in `usage.meters`; `(none)` for cost without a priced meter';
comment on column cost_by_meter.currency is 'currency code; figures of two currencies are never added';
comment on column cost_by_meter.quantity is 'units of the meter: tokens, searches, requests; on the row''s line in USD, or else in its first currency';
comment on column cost_by_meter.cost is 'the part of `cost.cost` by the list price of the meter, in `currency`; NULL where the rows have no cost';
comment on column cost_by_meter.cost_usd is 'the part of `cost.cost_usd`';
comment on column cost_by_meter.list_price_cost_usd is '`quantity` at the unit price of `prices`, whatever was paid';
comment on column cost_by_meter.cache_savings_usd is 'what the tokens of a cache would cost more as uncached input; less than 0 where writing costs more; NULL for other meters';
