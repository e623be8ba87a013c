-- grain: one day of an account, provider and product within the scope of a budget, in one currency
-- key: usage_date, scope, account_id, provider, product_id, currency
create table bookkeeping.budget_costs (
    usage_date date not null,
    scope varchar not null,
    account_id varchar not null,
    provider varchar not null,
    product_id varchar not null,
    currency varchar not null,
    is_split boolean not null,
    cost decimal(38, 12) not null,
    cost_usd decimal(38, 12)
);
