-- grain: one unusual day with the series that contribute most to it, and the users, models and surfaces that do
-- key: usage_date, kind, scope, account_id, provider, scope_key
insert into bookkeeping.unusual_days by name
with contributions as (
    select
        excess_of_series.*,
        case kind when 'spike' then 1 else -1 end as direction
    from excess_of_series
),

largest as (
    select *
    from contributions
    qualify
        row_number() over (
            partition by usage_date, kind, scope, account_id, part_provider, scope_key
            order by direction * excess desc, provider, model, surface, user_key
        )
        <= 10
),

contribution_lists as (
    select
        usage_date,
        kind,
        scope,
        account_id,
        part_provider as provider,
        scope_key,
        list(
            {
                'provider': provider,
                'model': model,
                'surface': surface,
                'user_key': user_key,
                'excess': excess
            }
            order by direction * excess desc, provider, model, surface, user_key
        ) as contributions
    from largest
    group by usage_date, kind, scope, account_id, part_provider, scope_key
),

parts_of_contributions as (
    select
        lines.usage_date,
        lines.kind,
        lines.scope,
        lines.account_id,
        lines.part_provider,
        lines.scope_key,
        parts.part,
        case when parts.part = 'user' then '(none)' else lines.provider end as provider,
        case parts.part when 'user' then lines.user_key when 'model' then lines.model else lines.surface end as key,
        lines.excess
    from contributions as lines
    cross join (select unnest(['user', 'model', 'surface']) as part) as parts
    where lines.kind = 'spike' and lines.scope <> 'user'
),

part_excess as (
    select
        usage_date,
        kind,
        scope,
        account_id,
        part_provider,
        scope_key,
        part,
        provider,
        key,
        list_sum(list_sort(list(excess))) as excess
    from parts_of_contributions
    group by usage_date, kind, scope, account_id, part_provider, scope_key, part, provider, key
),

largest_parts as (
    select *
    from part_excess
    qualify
        row_number() over (
            partition by usage_date, kind, scope, account_id, part_provider, scope_key, part
            order by excess desc, provider, key
        )
        <= 3
),

share_lists as (
    select
        usage_date,
        kind,
        scope,
        account_id,
        part_provider as provider,
        scope_key,
        list({'scope': part, 'provider': provider, 'key': key, 'excess': excess} order by part, provider, key) as shares
    from largest_parts
    group by usage_date, kind, scope, account_id, part_provider, scope_key
)

select
    days.usage_date,
    days.kind,
    days.scope,
    days.account_id,
    days.provider,
    days.scope_key,
    days.expected,
    days.actual,
    days.score,
    coalesce(contribution_lists.contributions, []) as contributions,
    coalesce(share_lists.shares, []) as shares
from new_unusual_days as days
left join contribution_lists using (usage_date, kind, scope, account_id, provider, scope_key)
left join share_lists using (usage_date, kind, scope, account_id, provider, scope_key)
