-- the first non-NULL count from the first to the last place; speed: most rows have it at the first place
-- key: none
create or replace temp macro first_count(counts, places) as
coalesce(counts[places.first_place], list_any_value(counts[places.first_place:places.last_place]))
