-- grain: one cost row of the days of the step and one line of the rule that matches it
-- key: usage_key, part, currency, usage_date, line
create or replace temp view budget_lines as
select * from team_lines
