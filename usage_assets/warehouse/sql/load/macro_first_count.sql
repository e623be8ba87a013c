-- the first count at the places from the first to the last; speed: most rows have it at the first place
-- key: none
create or replace temp macro first_count(counts, places) as
coalesce(counts[places.first_place], list_any_value(counts[places.first_place:places.last_place]))
