-- grain: one incident
-- key: anomaly_id
insert into spend_anomalies by name
with cause_lists as (
    select
        anomaly_id,
        list(
            {
                'account_id': account_id,
                'provider': provider,
                'model': model,
                'surface': surface,
                'user_key': user_key,
                'excess': excess
            }
            order by rank
        ) as causes
    from new_causes
    group by anomaly_id
)

select
    anomalies.*,
    'USD' as currency,
    anomalies.actual - anomalies.expected as excess,
    coalesce(cause_lists.causes, []) as causes
from new_anomalies as anomalies
left join cause_lists on anomalies.anomaly_id = cause_lists.anomaly_id
order by anomalies.first_day, anomalies.anomaly_id
