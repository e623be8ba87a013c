-- the first of the counts that is one
-- key: none
create or replace temp macro first_count(counts) as list_filter(counts, lambda count: count > -1000000000000000)[1]
