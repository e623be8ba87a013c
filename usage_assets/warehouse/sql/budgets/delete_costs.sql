-- deletes: the costs of the scopes of the step on its days
-- key: usage_date, scope
delete from bookkeeping.budget_costs
where
    usage_date in (select days.usage_date from days)
    and scope in (select budget_scopes.scope from budget_scopes)
