-- grain: one usage row, in the order of `staged`
-- key: usage_key
insert into usage by name
select
    valid_rows.* exclude (
        window_number, is_cached_beyond_input, has_negative_count, has_unreadable_count, has_other_shape, token_root,
        remote_json
    ),
    valid_rows.start_at::date as usage_date,
    last_day_of(valid_rows.start_at, valid_rows.end_at, valid_rows.fetched_at) as last_day,
    '(none)' as price_context,
    list_filter([
        {part: 1, model: coalesce(model_names.model, '(none)'), meter: 'input', quantity: valid_rows.input_tokens},
        {part: 1, model: coalesce(model_names.model, '(none)'), meter: 'cache_read', quantity: valid_rows.cached_input_tokens},
        {part: 1, model: coalesce(model_names.model, '(none)'), meter: 'cache_write', quantity: valid_rows.cache_write_tokens},
        {part: 1, model: coalesce(model_names.model, '(none)'), meter: 'output', quantity: valid_rows.output_tokens}
    ], lambda counted: counted.quantity <> 0) as meters,
    false as is_covered,
    coalesce(lower(valid_rows.user_email), updated_users.user_key, '(none)') as user_key,
    coalesce(model_names.model, '(none)') as model
from valid_rows
left join model_names on valid_rows.model_id = model_names.model_id
left join updated_users on valid_rows.account_id = updated_users.account_id and valid_rows.user_id = updated_users.user_id
