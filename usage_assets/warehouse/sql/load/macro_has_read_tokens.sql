-- whether a token other than 0 was read from a row
-- key: none
create or replace temp macro has_read_tokens(read) as
coalesce(
    nullif(read.input_tokens, 0), nullif(read.cached_input_tokens, 0), nullif(read.cache_write_tokens, 0),
    nullif(read.output_tokens, 0)
) is not null
