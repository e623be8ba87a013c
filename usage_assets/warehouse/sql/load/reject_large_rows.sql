-- updates: the reason against rows with large amounts or counts, in windows whose sums no column can hold
-- key: window_number, file_row
update staged set reason = 'its numbers are so large that those of its window do not add up'
where
    reason is null
    and (sum_of_amounts(charges) >= 1e15 or largest_count(staged) >= 1e12)
    and window_number in (
        select large.window_number
        from staged as large
        where large.reason is null
        group by large.window_number
        having sum(sum_of_amounts(large.charges)) >= 1e24 or sum(largest_count(large)::double) >= 1e17
    )
