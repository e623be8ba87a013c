-- grain: one row with one of the given shapes, or of a shape with totals and without a token that was read, with the
-- counts that were read from it
-- key: window_number, file_row
select
    window_number,
    file_row,
    usage_date,
    context_key,
    model_id,
    list_filter(list_append(flatten(meters), reasoning_tokens), lambda count: count is not null) as counts,
    coalesce(
        nullif(input_tokens, 0), nullif(cached_input_tokens, 0), nullif(cache_write_tokens, 0), nullif(output_tokens, 0)
    ) is not null as has_tokens
from valid_rows
where
    shape in (select unnest($shapes::ubigint[]))
    or (not has_tokens and shape in (select unnest($shapes_with_totals::ubigint[])))
