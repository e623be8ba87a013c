-- the largest meter or count of a staged row without its sign; speed: most rows have no negative count
-- key: none
create or replace temp macro largest_count(staged_row) as
greatest(
    list_max(flatten(staged_row.meters)), -list_min(flatten(staged_row.meters)), abs(staged_row.input_tokens),
    abs(staged_row.cached_input_tokens), abs(staged_row.cache_write_tokens), abs(staged_row.output_tokens),
    abs(staged_row.requests), abs(staged_row.sessions)
)
