-- the counts at lists of places among the texts: for each list, the first text that is a count
-- key: none
create or replace temp macro counts_at(texts, places) as
list_transform(places, lambda place: list_any_value(
    list_transform(texts[place.first_place:place.last_place], lambda text: read_count(text))
))
