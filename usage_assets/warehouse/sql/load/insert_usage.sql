-- grain: one usage row, in the order of `staged`
-- key: usage_key
insert into usage by name
select
    valid_rows.* exclude (
        window_number, is_cached_beyond_input, has_negative_count, has_unreadable_count, has_other_shape, token_root,
        remote_json
    ),
    valid_rows.start_at::date as usage_date,
    coalesce(lower(valid_rows.user_email), updated_users.user_key, '(none)') as user_key,
    coalesce(model_names.model, '(none)') as model
from valid_rows
left join model_names on valid_rows.model_id = model_names.model_id
left join updated_users on valid_rows.account_id = updated_users.account_id and valid_rows.user_id = updated_users.user_id
