-- grain: one published cost row on the compared days and one line of the rule that matches it
-- key: usage_key, part, currency, usage_date, line
create or replace temp view spend_lines as
select * from team_lines
