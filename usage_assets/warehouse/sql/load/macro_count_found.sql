-- the count at the first of its places in the usage object where a text is; see `read_count`
-- key: none
create or replace temp macro count_found(texts, places) as
read_count(coalesce(
    texts[places.in_usage[1]], texts[places.in_usage[2]], texts[places.in_usage[3]], texts[places.in_usage[4]]
))
