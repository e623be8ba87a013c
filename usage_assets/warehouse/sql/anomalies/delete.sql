-- deletes: all incidents
-- key: anomaly_id
delete from spend_anomalies
