-- grain: one day of an account, currency and the dimensions of the aggregate; its table replaces the
-- word `aggregate`, and the dimensions that it lacks are dropped
-- key: usage_date, account_id, currency and these dimensions
create table aggregate (
    usage_date date not null,
    account_id varchar not null,
    integration varchar not null,
    tenant_id varchar,
    provider varchar not null,
    model varchar not null,
    surface varchar not null,
    product_id varchar not null,
    metric_name varchar not null,
    organization_id varchar not null,
    workspace_id varchar not null,
    resource_id varchar not null,
    user_key varchar not null,
    user_email varchar,
    user_name varchar,
    team varchar not null,
    cost_centre varchar not null,
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
);

comment on column aggregate.usage_date is 'day of the cost, as the vendor writes it';
comment on column aggregate.account_id is 'Truto''s id of the integrated account';
comment on column aggregate.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column aggregate.tenant_id is 'the tenant the account belongs to in Truto';
comment on column aggregate.provider is 'provider of the model, lower case; else the vendor of the integration';
comment on column aggregate.model is 'canonical model name; `(none)` where the row names none';
comment on column aggregate.surface is 'where it was used, such as an editor or a console; `(none)` where the row names none';
comment on column aggregate.product_id is 'id of the product; `(none)` where the row names none';
comment on column aggregate.metric_name is 'what is metered; `(none)` where the row names nothing';
comment on column aggregate.organization_id is 'id of the organization at the vendor; `(none)` where the row names none';
comment on column aggregate.workspace_id is 'id of the workspace of the row''s resources; `(none)` where they name none, `(several)` where they name more than one';
comment on column aggregate.resource_id is 'id of the row''s resource, such as a cluster or project; `(none)` where the row names none, `(several)` where it names more than one';
comment on column aggregate.user_key is 'the person: e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`, else `(none)`';
comment on column aggregate.user_email is 'e-mail as that day''s rows write it, else `user_key` if that is an e-mail; NULL if unknown';
comment on column aggregate.user_name is 'name on that day''s rows; NULL where they name none';
comment on column aggregate.team is 'the team by the first rule of `allocation.csv` that matches; `(none)` where none does';
comment on column aggregate.cost_centre is 'the cost centre of the team by that rule; `(none)` where it names none';
comment on column aggregate.currency is 'currency code; figures of two currencies are never added';
comment on column aggregate.cost is 'sum of `cost.cost`, in `currency`; NULL where every row''s is NULL';
comment on column aggregate.billed_cost is 'sum of `cost.billed_cost`';
comment on column aggregate.estimated_cost is 'sum of `cost.estimated_cost`';
comment on column aggregate.list_cost is 'sum of `cost.list_cost`';
comment on column aggregate.tax is 'sum of `cost.tax`; not part of `cost`';
comment on column aggregate.cost_usd is 'sum of `cost.cost_usd`; rows without a rate are left out and counted in `unconverted_rows`';
comment on column aggregate.provisional_cost is 'the part of `cost` that the vendor may still restate; NULL where there is none';
comment on column aggregate.input_tokens is 'input tokens without the cached ones';
comment on column aggregate.cached_input_tokens is 'input tokens read from the cache';
comment on column aggregate.cache_write_tokens is 'tokens written to the cache';
comment on column aggregate.output_tokens is 'output tokens, reasoning included';
comment on column aggregate.requests is 'requests';
comment on column aggregate.usage_rows is 'rows of the API per currency; a row split over days or models counts on its first';
comment on column aggregate.unpriced_rows is 'rows of `cost` with tokens and no price; their cost is NULL';
comment on column aggregate.unconverted_rows is 'rows of `cost` that are billed, included or estimated in a currency without rate to USD';
