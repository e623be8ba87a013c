-- the UTC moment a text names, NULL where it names none; a text without offset is UTC, and most say so by a Z, which
-- is read in a third of the time; key: none
create or replace temp macro utc_moment(text) as
case
    when text like '____-__-__T%Z' and text >= '0' and text < ':' and not contains(text, ' ')
        then try_cast(text as timestamp)
    when regexp_matches(trim(text), '^\d{4}-\d{2}-\d{2}') then try_cast(trim(text) as timestamptz) at time zone 'UTC'
end
