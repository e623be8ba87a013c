-- whether a path led to something that is neither a whole number nor a group of further members
-- key: none
create or replace temp macro is_unreadable_count(text) as
text is not null and count_of(text) is null and left(text, 1) not in ('{', '[')
