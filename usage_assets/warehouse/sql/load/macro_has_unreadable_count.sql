-- whether a text that is no JSON object or list holds no count; speed: where every text is a count, none is searched
-- key: none
create or replace temp macro has_unreadable_count(texts, counts) as
case
    when list_count(texts) > list_count(counts)
        then len(list_filter(texts, lambda text: left(text, 1) not in ('{', '[') and read_count(text) is null)) > 0
    else false
end
