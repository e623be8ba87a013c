-- grain: one model id of a batch
-- key: model_id
select distinct model_id
from valid_rows
where model_id is not null
