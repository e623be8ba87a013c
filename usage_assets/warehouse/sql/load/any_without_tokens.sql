-- grain: at most one row, if a row of the batch has no token that was read
-- key: none
select 1
from valid_rows
where not has_read_tokens(valid_rows)
limit 1
