-- grain: one day that becomes known, missing or no part of the history of an account, after its first known day
-- key: usage_date
with first_known_days as (
    select
        account_id,
        min(usage_date) as usage_date
    from (
        from coverage
        union all by name
        from new_coverage
    )
    where state in ('final', 'provisional')
    group by account_id
)

select distinct changes.usage_date
from coverage_changes as changes
inner join first_known_days on changes.account_id = first_known_days.account_id
left join coverage as held on changes.usage_date = held.usage_date and changes.account_id = held.account_id
left join new_coverage as new on changes.usage_date = new.usage_date and changes.account_id = new.account_id
where
    changes.usage_date >= first_known_days.usage_date
    and held.state in ('final', 'provisional') is distinct from new.state in ('final', 'provisional')
