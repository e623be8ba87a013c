-- of lines with one usage_key the latest updated_at, then the last in the file, stays
-- key: usage_key
delete from keyed
where (filename, file_row) in (
    select
        filename,
        file_row
    from keyed
    where usage_key in (select usage_key from keyed group by usage_key having count(*) > 1)
    qualify row_number() over (partition by usage_key order by updated_at desc nulls last, file_row desc) > 1
)
