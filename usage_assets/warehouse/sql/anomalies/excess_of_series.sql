-- grain: the cost of one of the finest series of an unusual day, less its mean on the days that the day is compared with
-- key: usage_date, kind, scope, account_id, part_provider, scope_key, provider, model, surface, user_key
create or replace temp table excess_of_series as
with used_days as (
    select
        usage_date as unusual_day,
        kind,
        scope,
        account_id,
        provider,
        scope_key,
        usage_date,
        1.0::double as weight
    from new_unusual_days
    union all
    select
        usage_date as unusual_day,
        kind,
        scope,
        account_id,
        provider,
        scope_key,
        unnest(compared) as usage_date,
        -1.0 / len(compared) as weight
    from new_unusual_days
),

amounts as (
    select
        usage_date,
        account_id,
        provider,
        model,
        surface,
        user_key,
        cost_usd
    from cost
    where (account_id, usage_date) in (select (account_id, usage_date) from used_days)
    union all
    select
        usage_date,
        account_id,
        provider,
        model,
        surface,
        user_key,
        -cost_usd as cost_usd
    from left_out
    where (account_id, usage_date) in (select (account_id, usage_date) from used_days)
),

lines as (
    select
        usage_date,
        account_id,
        provider,
        model,
        surface,
        user_key,
        sum(cost_usd)::double as cost_usd
    from amounts
    group by usage_date, account_id, provider, model, surface, user_key
    having sum(cost_usd) <> 0
)

select
    used_days.unusual_day as usage_date,
    used_days.kind,
    used_days.scope,
    used_days.account_id,
    used_days.provider as part_provider,
    used_days.scope_key,
    lines.provider,
    lines.model,
    lines.surface,
    lines.user_key,
    list_sum(list_sort(list(lines.cost_usd * used_days.weight))) as excess
from used_days
inner join lines
    on
        used_days.account_id = lines.account_id
        and used_days.usage_date = lines.usage_date
        and case used_days.scope
            when 'account' then true
            when 'team' then true
            when 'surface' then used_days.provider = lines.provider and used_days.scope_key = lines.surface
            when 'model' then used_days.provider = lines.provider and used_days.scope_key = lines.model
            else used_days.scope_key = lines.user_key
        end
group by
    used_days.unusual_day,
    used_days.kind,
    used_days.scope,
    used_days.account_id,
    used_days.provider,
    used_days.scope_key,
    lines.provider,
    lines.model,
    lines.surface,
    lines.user_key
