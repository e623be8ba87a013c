-- whether a text other than a JSON object or list is not a count; speed: if every text is a count, none is searched
-- key: none
create or replace temp macro has_unreadable_count(texts, numbers) as
case
    when list_count(texts) > list_count(numbers)
        then len(list_filter(
            texts, lambda text, place: left(text, 1) not in ('{', '[') and text is not null and numbers[place] is null
        )) > 0
    else false
end
