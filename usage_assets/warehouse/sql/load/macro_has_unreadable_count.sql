-- whether a text that is no JSON object or list holds no count
-- key: none
create or replace temp macro has_unreadable_count(texts) as
len(list_filter(texts, lambda text: left(text, 1) not in ('{', '[') and read_count(text) is null)) > 0
