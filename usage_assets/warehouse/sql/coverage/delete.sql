-- deletes: the rows of coverage that change
-- key: usage_date, account_id
delete from coverage
where (usage_date, account_id) in (
    select
        usage_date,
        account_id
    from coverage_changes
)
