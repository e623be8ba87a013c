-- the text at the first of its places in the usage object where one is
-- key: none
create or replace temp macro first_text(texts, places) as
coalesce(texts[places.in_usage[1]], texts[places.in_usage[2]], texts[places.in_usage[3]], texts[places.in_usage[4]])
