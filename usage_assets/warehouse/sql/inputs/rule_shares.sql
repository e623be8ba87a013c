-- grain: one line of a rule; with several lines, its share as `weight` in units of 1e-12, and on the last of them the
-- weights of the others, because it gets what they leave
-- key: rule, line
create or replace temp table rule_shares as
select
    unnest($rule::integer[]) as rule,
    unnest($line::integer[]) as line,
    unnest($team::varchar[]) as team,
    unnest($cost_centre::varchar[]) as cost_centre,
    unnest($weight::hugeint[]) as weight,
    unnest($other_weights::hugeint[][]) as other_weights,
    unnest($is_first::boolean[]) as is_first
