-- the counts in a list of texts, in the order of the texts
-- key: none
create or replace temp macro read_counts(texts) as list_transform(texts, lambda text: read_count(text))
