-- each count of a row, where the profile has it, as a list of seven
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
