-- the seven counts of a row, each from the paths that the profile has for it
-- key: none
create or replace temp macro first_counts(counts, places) as [
    first_count(counts, places.input),
    first_count(counts, places.cached_input),
    first_count(counts, places.cache_write),
    first_count(counts, places.output),
    first_count(counts, places.reasoning),
    first_count(counts, places.requests),
    first_count(counts, places.sessions)
]
