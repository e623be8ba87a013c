-- grain: at most one row, if there is an incident of this id
-- key: none
select 1
from spend_anomalies
where anomaly_id = $anomaly_id::varchar
