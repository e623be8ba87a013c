-- grain: one model id of a batch, of a row or of an element of its list
-- key: model_id
with model_ids as (
    select model_id
    from valid_rows
    union
    select unnest(part_models) as model_id
    from valid_rows
    where part_models is not null
)

select model_id
from model_ids
where model_id is not null
