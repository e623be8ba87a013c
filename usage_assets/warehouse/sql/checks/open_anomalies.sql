-- grain: one open incident
-- key: anomaly_id
select
    anomaly_id,
    kind,
    scope,
    scope_key,
    account_id,
    first_day,
    last_day,
    currency,
    abs(excess) as amount
from spend_anomalies
where status = 'open'
order by last_day desc, abs(excess) desc, anomaly_id
