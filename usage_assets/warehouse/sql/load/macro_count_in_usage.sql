-- the count found first at one of its places in the usage object: the only one, or chosen between several
-- key: none
create or replace temp macro count_in_usage(found, counts, places) as
case when counts is null then found else first_count(counts[places.first_in_usage:places.last_in_usage]) end
