-- the counts that texts hold, in their order
-- key: none
create or replace temp macro read_counts(texts) as list_transform(texts, lambda text: read_count(text))
