-- grain: days of an account that follow each other and have one state and reason
-- key: account_id, first_day
with numbered as (
    select
        account_id,
        usage_date,
        state,
        reason,
        usage_date - row_number() over (partition by account_id, state, reason order by usage_date)::integer as span
    from read_parquet($files)
)

select
    account_id,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    state,
    reason
from numbered
group by account_id, state, reason, span
order by account_id, first_day
