-- each count, or where it is missing the sum of the counts that it includes; speed: few rows have such counts
-- key: none
create or replace temp macro with_parts(counts, includes) as
case
    when list_count(list_select(counts, flatten(includes))) > 0
        then list_transform(includes, lambda parts, n: coalesce(counts[n], list_sum(list_select(counts, parts))))
end
