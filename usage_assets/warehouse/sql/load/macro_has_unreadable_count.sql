-- whether a text was found that is no count
-- key: none
create or replace temp macro has_unreadable_count(counts) as
coalesce(list_contains(counts, -1000000000000000), false)
