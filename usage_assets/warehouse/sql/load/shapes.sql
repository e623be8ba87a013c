-- grain: one shape of the rows of a batch, with the place of an example
-- key: shape
select
    shape,
    min(window_number) as window_number,
    arg_min(file_row, window_number) as file_row
from valid_rows
group by shape
