-- grain: one person who was active on a day of an account, by user id: a row of the person names a model or counts
-- something; a row that is a fee alone does not; key: usage_date, account_id, user_id, user_key
insert into bookkeeping.active_users by name
with counted as (
    select distinct
        usage_date,
        account_id,
        user_key
    from activity_by_user
    where usage_date in (select days.usage_date from days) and value > 0
)

select distinct
    usage.usage_date,
    usage.account_id,
    usage.user_id,
    usage.user_key
from usage
left join counted using (usage_date, account_id, user_key)
anti join bookkeeping.ignored_days as ignored
    on
        usage.account_id = ignored.account_id
        and usage.usage_date >= ignored.first_day
        and usage.usage_date <= ignored.last_day
where
    usage.usage_date in (select days.usage_date from days)
    and usage.user_key <> '(none)'
    and (usage.model_id is not null or len(usage.meters) > 0 or usage.requests > 0 or counted.user_key is not null)
