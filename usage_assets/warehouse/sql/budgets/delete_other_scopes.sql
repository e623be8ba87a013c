-- deletes: the costs of scopes that no budget has
-- key: scope
delete from bookkeeping.budget_costs
where scope not in (select unnest($scopes::varchar[]))
