-- counts that do not contain each other: each without the counts that it includes, unless these are more than it
-- key: none
create or replace temp macro separate_counts(counts, totals, includes) as
list_transform(
    includes,
    lambda parts, n: case
        when len(parts) = 0 or abs(list_sum(list_select(totals, parts))) > abs(counts[n]) then counts[n]
        else counts[n] - coalesce(list_sum(list_select(totals, parts)), 0)::bigint
    end
)
