-- deletes: the statuses of the step, of changed or removed budgets, and outside the days that can have one
-- key: budget, usage_date
delete from budget_status
where
    (budget, usage_date) in (select (written.budget, written.usage_date) from written_budget_days as written)
    or budget in (select unnest($changed::varchar[]))
    or budget not in (select unnest($budgets::varchar[]))
    or usage_date not between $first_day::date and $last_day::date
returning usage_date
