-- grain: one usage row, in the order of `staged`
-- key: usage_key
insert into usage by name
with names as (
    select map_from_entries(list({key: model_id, value: model})) as models
    from model_names
),

named as (
    select
        valid_rows.*,
        coalesce(names.models[valid_rows.model_id], '(none)') as model,
        names.models
    from valid_rows
    cross join names
)

select
    named.* exclude (
        models, window_number, meters, part_models, context_key, is_cached_beyond_input, has_negative_count,
        has_unreadable_count, has_other_shape, is_longer_than_window
    ),
    coalesce(lower(named.user_email), updated_users.user_key, '(none)') as user_key,
    coalesce(row_contexts.price_context, price_contexts.price_context, '(none)') as price_context,
    coalesce(price_contexts.is_covered, false) as is_covered,
    -- speed: most rows have one part
    case
        when len(named.meters) = 1 and named.part_models is null
            then meters_of(1, named.model, named.meters[1], $meters::varchar[])
        else flatten(list_transform(
            named.meters,
            lambda counts, part: meters_of(
                part, coalesce(named.models[named.part_models[part]], named.model), counts, $meters::varchar[]
            )
        ))
    end as meters
from named
left join updated_users on named.account_id = updated_users.account_id and named.user_id = updated_users.user_id
left join price_contexts
    on
        named.context_key = price_contexts.context_key
        and named.usage_date = price_contexts.usage_date
        and named.model_id is not distinct from price_contexts.model_id
left join row_contexts on named.window_number = row_contexts.window_number and named.file_row = row_contexts.file_row
