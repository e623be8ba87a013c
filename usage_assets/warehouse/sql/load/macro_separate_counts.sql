-- counts that do not contain each other: each without the counts that it includes, unless these are more than it;
-- speed: few rows have a count that another includes; key: none
create or replace temp macro separate_counts(counts, totals, includes) as
case
    when list_count(list_select(counts, flatten(includes))) = 0 then counts
    else list_transform(
        includes,
        lambda parts, n: case
            when len(parts) = 0 or abs(list_sum(list_select(totals, parts))) > abs(counts[n]) then counts[n]
            else counts[n] - coalesce(list_sum(list_select(totals, parts)), 0)::bigint
        end
    )
end
