-- the number of objects in a JSON text, or more, if its names or texts contain braces
-- key: none
create or replace temp macro object_count(json_text) as
strlen(json_text::varchar) - strlen(replace(json_text::varchar, '{', ''))
