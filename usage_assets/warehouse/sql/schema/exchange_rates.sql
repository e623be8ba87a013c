-- grain: a currency on a day; the US dollar has no line
-- key: usage_date, currency
create table exchange_rates (
    usage_date date not null,
    currency varchar not null,
    usd_per_unit decimal(38, 18) not null,
    units_per_usd decimal(38, 18) not null,
    rate_date date not null,
    is_stale boolean not null
);

comment on column exchange_rates.usage_date is 'UTC day of cost';
comment on column exchange_rates.currency is 'currency code: that of a cost row of the day, or the one in `USAGE_CURRENCY`';
comment on column exchange_rates.usd_per_unit is 'USD per unit of `currency`, by which `cost_usd` is converted';
comment on column exchange_rates.units_per_usd is 'units of `currency` per USD, by which totals in `USAGE_CURRENCY` are converted';
comment on column exchange_rates.rate_date is 'day of the rate: for a weekend, the Friday before';
comment on column exchange_rates.is_stale is 'whether the rate of the day was not known yet, or the last rate is older than a holiday explains';
