-- grain: a currency, other than the US dollar, of which every day of cost has a line in `exchange_rates`
-- key: currency
create table bookkeeping.shown_currencies (
    currency varchar not null
);
