-- the largest count of a staged row without its sign
-- key: none
create or replace temp macro largest_count(staged_row) as
greatest(
    abs(staged_row.input_tokens), abs(staged_row.cached_input_tokens), abs(staged_row.cache_write_tokens),
    abs(staged_row.output_tokens), abs(staged_row.requests), abs(staged_row.sessions)
)
