-- grain: one part of a row of the API (one of its models), in one currency, on one day
-- key: usage_key, part, currency, usage_date
create table cost (
    usage_date date not null,
    usage_key varchar not null,
    part integer not null,
    account_id varchar not null,
    integration varchar not null,
    report varchar not null,
    window_start date not null,
    row_id varchar not null,
    provider varchar not null,
    model varchar not null,
    surface varchar not null,
    user_key varchar not null,
    product_id varchar not null,
    metric_name varchar not null,
    organization_id varchar not null,
    workspace_id varchar not null,
    resource_id varchar not null,
    price_context varchar not null,
    currency varchar not null,
    cost decimal(38, 12),
    billed_cost decimal(38, 12),
    estimated_cost decimal(38, 12),
    estimated_cost_usd decimal(38, 12),
    list_cost decimal(38, 12),
    tax decimal(38, 12),
    cost_usd decimal(38, 12),
    cost_basis varchar not null,
    cost_rule varchar not null,
    allocation varchar not null,
    is_provisional boolean not null,
    fx_rate decimal(38, 18),
    fx_date date,
    fx_stale boolean,
    price_book varchar,
    input_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    output_tokens bigint,
    requests bigint,
    sessions bigint
);

comment on column cost.usage_date is 'day of the cost, as the vendor writes it';
comment on column cost.usage_key is 'the row of `usage`';
comment on column cost.part is 'number of the model within the row, from 1; most rows have one part';
comment on column cost.account_id is 'Truto''s id of the integrated account';
comment on column cost.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column cost.report is '`default`, or the name of a report the profile lists';
comment on column cost.window_start is 'first day of the request window';
comment on column cost.row_id is '`id` of the row in the API';
comment on column cost.provider is 'provider of the model, lower case; else the vendor of the integration';
comment on column cost.model is 'canonical name of the model of the part; `(none)` where the row names none';
comment on column cost.surface is 'where it was used, such as an editor or a console; `(none)` where the row names none';
comment on column cost.user_key is 'the person: e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`, else `(none)`';
comment on column cost.product_id is 'id of the product; `(none)` where the row names none';
comment on column cost.metric_name is 'what is metered; `(none)` where the row names nothing';
comment on column cost.organization_id is 'id of the organization at the vendor; `(none)` where the row names none';
comment on column cost.workspace_id is 'id of the workspace of the row''s resources; `(none)` where they name none, `(several)` where they name more than one';
comment on column cost.resource_id is 'id of the row''s resource, such as a cluster or project; `(none)` where the row names none, `(several)` where it names more than one';
comment on column cost.price_context is 'what changes the price besides model and day, such as `service_tier=flex`; `(none)` for the standard price';
comment on column cost.currency is 'currency of the charges; `USD` for a row without charges';
comment on column cost.cost is '`billed_cost`, else `estimated_cost`, in `currency`; never the two added up; NULL where neither is known';
comment on column cost.billed_cost is 'cost of the charges in this currency by `cost_rule`; NULL without such charges';
comment on column cost.estimated_cost is 'meters times price, in `currency` by the rate of the day; NULL where a token has no price, or without rate';
comment on column cost.estimated_cost_usd is 'meters times price, in USD; a search or request without a price is left out';
comment on column cost.list_cost is 'cost before discounts and credits, `included` charges added';
comment on column cost.tax is 'charges of type `tax`; not part of `cost`';
comment on column cost.cost_usd is '`cost` in USD at `fx_rate`; for an estimate, `estimated_cost_usd`; NULL without rate';
comment on column cost.cost_basis is '`billed`, `included` (billed 0), `estimated`, `covered` (usage that other rows or a plan pay for), `unpriced` (tokens, no price) or `none`';
comment on column cost.cost_rule is '`net`, `total`, `components` or `included`: the charge types that gave `billed_cost`; `price_book` for an estimate; else `none`';
comment on column cost.allocation is '`exact`, or `prorated` for a row of several days that is split over them';
comment on column cost.is_provisional is 'whether the vendor may still restate the window';
comment on column cost.fx_rate is 'USD per unit of `currency`: 1 for USD; NULL where no rate is known';
comment on column cost.fx_date is 'day of the rate: for a weekend, the Friday before';
comment on column cost.fx_stale is 'whether the rate is older than a weekend or holiday explains; NULL without rate';
comment on column cost.price_book is 'name and version of the price book behind the estimate; NULL without an estimate';
comment on column cost.input_tokens is 'input tokens without the cached ones';
comment on column cost.cached_input_tokens is 'input tokens read from the cache';
comment on column cost.cache_write_tokens is 'tokens written to the cache';
comment on column cost.output_tokens is 'output tokens, reasoning included';
comment on column cost.requests is 'requests; on the first part of a row';
comment on column cost.sessions is 'distinct sessions, on the first part of a row; a sum over rows counts a session more than once';
