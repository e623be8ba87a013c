-- grain: one scope and the currency of a budget that has it
-- key: scope, currency
create or replace temp table shown_scopes as
select
    unnest($scope::varchar[]) as scope,
    unnest($currency::varchar[]) as currency
