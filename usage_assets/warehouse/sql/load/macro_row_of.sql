-- the members of a row that the load reads, with exact amounts
-- key: none
create or replace temp macro row_of(line) as
from_json(line, '{
    "id": "VARCHAR",
    "product": {"id": "VARCHAR", "name": "VARCHAR"},
    "metric_name": "VARCHAR",
    "organization": {"id": "VARCHAR", "name": "VARCHAR"},
    "user": {"id": "VARCHAR", "email": "VARCHAR", "name": "VARCHAR"},
    "model": {"id": "VARCHAR", "provider": "VARCHAR"},
    "surface": "VARCHAR",
    "usage": "JSON",
    "charges": [{"amount": "DECIMAL(38,12)", "currency": "VARCHAR", "type": "VARCHAR"}],
    "resources": [{"id": "VARCHAR", "name": "VARCHAR", "workspace": {"id": "VARCHAR", "name": "VARCHAR"}}],
    "start_date": "VARCHAR",
    "end_date": "VARCHAR",
    "created_at": "VARCHAR",
    "updated_at": "VARCHAR"
}')
