-- the UTC time in a text, NULL for any other text; a time without offset is UTC; speed: most texts end with Z
-- key: none
create or replace temp macro utc_moment(text) as
case
    when text like '____-__-__T%Z' and text >= '0' and text < ':' and not contains(text, ' ')
        then try_cast(text as timestamp)
    when regexp_matches(trim(text), '^\d{4}-\d{2}-\d{2}') then try_cast(upper(trim(text)) as timestamptz) at time zone 'UTC'
end
