-- grain: one loaded window that was fetched before its last day was ready; a later fetch may have had equal content
-- key: account_id, report, window_start, window_end
select
    loads.account_id,
    loads.report,
    loads.window_start,
    loads.window_end,
    loads.sha256
from loads
inner join account_histories as histories on loads.account_id = histories.account_id
where not loads.is_final and loads.fetched_at::date < loads.window_end - 1 + histories.lag
