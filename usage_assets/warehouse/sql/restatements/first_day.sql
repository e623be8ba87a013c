-- grain: one line with the first day of the windows that were replaced and not derived since
-- key: none
select min(window_start) as first_day
from bookkeeping.replaced_windows
