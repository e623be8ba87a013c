-- whether a count is less than the counts that it should include, so that it is read as excluding them
-- key: none
create or replace temp macro has_parts_beyond_whole(counts, totals, includes) as
case
    when totals is null then false
    else len(list_filter(
        includes, lambda parts, n: len(parts) > 0 and abs(list_sum(list_select(totals, parts))) > abs(counts[n])
    )) > 0
end
