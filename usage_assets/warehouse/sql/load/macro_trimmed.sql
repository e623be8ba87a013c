-- a text without surrounding blanks, NULL for a blank text; speed: few texts have blanks, and a search is cheap
-- key: none
create or replace temp macro trimmed(text) as
case when contains(text, ' ') or text = '' then nullif(trim(text), '') else text end
