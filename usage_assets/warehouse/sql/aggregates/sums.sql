-- grain: one day of an account, currency and the dimensions of an aggregate
-- key: usage_date, account_id, currency and these dimensions
create or replace temp table aggregate_sums as
select
    columns(lambda name: name in $key),
    any_value(integration) as integration,
    sum(columns(lambda name: name in $money)),
    sum(cost) filter (where is_provisional) as provisional_cost,
    sum(columns(lambda name: name in $counts))::bigint,
    count(*) filter (where counts_row) as usage_rows,
    count(*) filter (where cost_basis = 'unpriced') as unpriced_rows,
    count(*) filter (where is_unconverted) as unconverted_rows
from cost_lines
group by all
