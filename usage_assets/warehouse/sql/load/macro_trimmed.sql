-- a text without the blanks around it, NULL where nothing is left; few texts have any, and looking is cheap
-- key: none
create or replace temp macro trimmed(text) as
case when contains(text, ' ') or text = '' then nullif(trim(text), '') else text end
