-- how far the clock of a text is ahead of UTC; NULL without a text; speed: most texts end with Z
-- key: none
create or replace temp macro utc_offset(text) as
case
    when text is null then null
    when text like '____-__-__T%Z' and not contains(text, ' ') or strlen(trim(text)) = 10 then interval 0 seconds
    else coalesce(
        try_cast(regexp_extract(upper(trim(text)), '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?') as timestamp)
        - utc_moment(text),
        interval 0 seconds
    )
end
