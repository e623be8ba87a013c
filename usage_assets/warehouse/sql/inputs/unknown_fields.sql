-- grain: one field of a window that looks like a token count and that no path of the profile reads
-- key: window_number, subject
create or replace temp table unknown_fields as
select
    unnest($window_number::bigint[]) as window_number,
    unnest($subject::varchar[]) as subject,
    unnest($affected_rows::bigint[]) as affected_rows,
    unnest($tokens::hugeint[]) as tokens
