-- the count found first at one of its places in the usage object
-- key: none
create or replace temp macro count_in_usage(counts, places) as
first_count(counts[places.first_in_usage:places.last_in_usage])
