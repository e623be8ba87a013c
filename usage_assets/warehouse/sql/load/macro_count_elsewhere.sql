-- the count found first at one of its places elsewhere in the row
-- key: none
create or replace temp macro count_elsewhere(counts, places) as
first_count(counts[places.first_elsewhere:places.last_elsewhere])
