-- grain: one row with one of the given shapes, with the counts that were read from it
-- key: window_number, file_row
select
    window_number,
    file_row,
    usage_date,
    context_key,
    model_id,
    list_filter(list_append(flatten(meters), reasoning_tokens), lambda count: count is not null) as counts
from valid_rows
where shape in (select unnest($shapes::ubigint[]))
