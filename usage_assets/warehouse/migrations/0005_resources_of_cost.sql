-- Give each cost row the workspace and the resource of its usage row, and record which tables a file has.
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

insert into cost by name
with named as (
    select
        usage_key,
        list_distinct(list_filter(list_transform(resources, lambda used: trim(used.workspace.id)), lambda id: id <> ''))
            as workspaces,
        list_distinct(list_filter(list_transform(resources, lambda used: trim(used.id)), lambda id: id <> ''))
            as resources
    from usage
)

select
    cost_before.*,
    case coalesce(len(named.workspaces), 0) when 0 then '(none)' when 1 then named.workspaces[1] else '(several)' end
        as workspace_id,
    case coalesce(len(named.resources), 0) when 0 then '(none)' when 1 then named.resources[1] else '(several)' end
        as resource_id
from cost_before
left join named using (usage_key);

drop table cost_before;

alter table bookkeeping.schema_version rename column aggregates to tables;

insert into bookkeeping.stale_days
select distinct
    'published' as table_name,
    usage_date
from cost
except
select * from bookkeeping.stale_days;
