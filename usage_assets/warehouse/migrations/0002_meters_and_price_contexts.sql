-- Give each usage row its last day, its price context, its meters and whether a plan covers it; number the parts of a
-- cost row; record prices by meter. Every figure stays as it is.
alter table usage rename to usage_before;

create table usage (
    usage_key varchar not null,
    account_id varchar not null,
    integration varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    file_row bigint not null,
    row_id varchar not null,
    usage_date date not null,
    last_day date not null,
    start_at timestamp not null,
    end_at timestamp not null,
    metric_name varchar,
    product_id varchar,
    product_name varchar,
    organization_id varchar,
    organization_name varchar,
    user_id varchar,
    user_email varchar,
    user_name varchar,
    user_key varchar not null,
    provider varchar not null,
    model_id varchar,
    model varchar not null,
    surface varchar not null,
    quantity decimal(38, 12),
    unit varchar,
    input_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    requests bigint,
    sessions bigint,
    price_context varchar not null,
    meters struct(part integer, model varchar, meter varchar, quantity bigint)[],
    is_covered boolean not null,
    usage_json json,
    charges struct(amount decimal(38, 12), currency varchar, type varchar)[],
    resources struct(id varchar, name varchar, workspace struct(id varchar, name varchar))[],
    created_at timestamp,
    updated_at timestamp,
    fetched_at timestamp not null
);

insert into usage by name
select
    *,
    case
        when end_at - start_at <= interval 24 hours then usage_date
        else greatest(usage_date, (least(end_at, fetched_at) - interval 1 microsecond)::date)
    end as last_day,
    '(none)' as price_context,
    list_filter([
        {part: 1, model: model, meter: 'input', quantity: input_tokens},
        {part: 1, model: model, meter: 'cache_read', quantity: cached_input_tokens},
        {part: 1, model: model, meter: 'cache_write', quantity: cache_write_tokens},
        {part: 1, model: model, meter: 'output', quantity: output_tokens}
    ], lambda counted: counted.quantity <> 0) as meters,
    false as is_covered
from usage_before;

drop table usage_before;

alter table cost rename to cost_before;

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

insert into cost by name
select
    *,
    1 as part,
    '(none)' as price_context
from cost_before;

drop table cost_before;

alter table prices rename to prices_before;

create table prices (
    provider varchar not null,
    model varchar not null,
    price_context varchar not null,
    meter varchar not null,
    usage_date date not null,
    matched_model varchar,
    unit_price decimal(38, 18),
    is_context_priced boolean not null,
    price_book varchar not null
);

insert into prices by name
with metered as (
    select
        provider,
        model,
        usage_date,
        matched_model,
        price_book,
        unnest([
            {meter: 'input', unit_price: input_price},
            {meter: 'cache_read', unit_price: cached_input_price},
            {meter: 'cache_write', unit_price: cache_write_price},
            {meter: 'output', unit_price: output_price}
        ], recursive := true)
    from prices_before
)

select
    *,
    '(none)' as price_context,
    true as is_context_priced
from metered;

drop table prices_before;

insert into bookkeeping.stale_days
select
    'published' as table_name,
    usage_date
from (select usage_date from usage union select usage_date from cost union select usage_date from prices)
except
select * from bookkeeping.stale_days;

create table bookkeeping.outside_rows (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    file_row bigint not null,
    row_id varchar,
    usage_date date not null,
    currency varchar,
    amount decimal(38, 12)
);

create table bookkeeping.windows_set_aside (
    account_id varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    sha256 varchar,
    reason varchar not null,
    set_aside_at timestamp not null,
    primary key (account_id, report, window_start, window_end)
);
