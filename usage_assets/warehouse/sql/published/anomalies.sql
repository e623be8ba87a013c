-- grain: one published incident
-- key: anomaly_id
select
    anomaly_id,
    scope,
    scope_key,
    account_id,
    provider,
    kind,
    first_day,
    last_day,
    currency,
    expected,
    actual,
    excess,
    score,
    causes,
    status,
    acknowledged_at,
    note
from read_parquet($files)
order by last_day desc, abs(excess) desc, anomaly_id
