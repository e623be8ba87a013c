-- grain: one cost row of the days of the step, for budgets that do not name a team
-- key: usage_key, part, currency, usage_date
create or replace temp view budget_lines as
select
    *,
    null::varchar as team,
    null::varchar as cost_centre
from cost_lines
