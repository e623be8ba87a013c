-- grain: one model id of a batch, of a row or of an element of its list
-- key: model_id
select model_id
from valid_rows
where model_id is not null
union
select unnest(part_models) as model_id
from valid_rows
where len(meters) > 1 or model_id is null
