-- grain: one day of an account, provider and product within the scope of a budget, in one currency
-- key: usage_date, scope, account_id, provider, product_id, currency
insert into bookkeeping.budget_costs by name
select
    lines.usage_date,
    scopes.scope,
    lines.account_id,
    lines.provider,
    lines.product_id,
    lines.currency,
    bool_or(lines.allocation = 'prorated') as is_split,
    sum(lines.cost) as cost,
    sum(lines.cost_usd) as cost_usd
from budget_lines as lines
inner join budget_scopes as scopes
    on
        is_in_scope(lines.team, scopes.team)
        and is_in_scope(lines.cost_centre, scopes.cost_centre)
        and is_in_scope(lines.provider, scopes.provider)
        and is_in_scope(lines.model, scopes.model)
        and is_in_scope(lines.surface, scopes.surface)
        and is_in_scope(lines.account_id, scopes.account_id)
        and is_in_scope(lines.integration, scopes.integration)
        and is_in_scope(lines.user_key, scopes.user_key)
where lines.cost is not null
group by lines.usage_date, scopes.scope, lines.account_id, lines.provider, lines.product_id, lines.currency
order by lines.usage_date
