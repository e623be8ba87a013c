-- grain: one staged row that a row of its file with the same usage_key replaces: later updated_at, else later line
-- key: window_number, file_row
create or replace temp table duplicates as
select
    window_number,
    file_row,
    usage_key,
    charges,
    [input_tokens, cached_input_tokens, cache_write_tokens, output_tokens] as tokens,
    updated_at
from staged
where
    reason is null
    and not outside_window
    and usage_key in (
        select usage_key from staged where reason is null and not outside_window group by usage_key having count(*) > 1
    )
qualify row_number() over (partition by usage_key order by updated_at desc nulls last, file_row desc) > 1
