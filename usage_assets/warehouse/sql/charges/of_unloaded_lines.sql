-- grain: one staged line that is not loaded and has charges
-- key: usage_key
create or replace temp table charged_rows as
select
    window_number || ':' || file_row as usage_key,
    $leading_charge as leading_charge,
    charges
from staged
where (outside_window or reason is not null) and len(charges) > 0
