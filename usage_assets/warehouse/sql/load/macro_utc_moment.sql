-- the UTC moment a text names, NULL where it names none; a text without offset is UTC, and most say so by a Z, which
-- is read in a tenth of the time; key: none
create or replace temp macro utc_moment(text) as
case
    when text glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*[0-9]Z' then try_cast(text as timestamp)
    when regexp_matches(trim(text), '^\d{4}-\d{2}-\d{2}') then try_cast(trim(text) as timestamptz) at time zone 'UTC'
end
