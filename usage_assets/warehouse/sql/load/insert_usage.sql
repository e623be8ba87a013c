-- grain: one row of the API, in the order of `staged`
-- key: usage_key
insert into usage by name
select
    keyed.* exclude (
        window_number, is_cached_beyond_input, has_negative_count, has_unreadable_count, has_other_shape, token_root,
        remote_json
    ),
    keyed.start_at::date as usage_date,
    coalesce(lower(keyed.user_email), users_after.user_key, '(none)') as user_key,
    coalesce(model_names.model, '(none)') as model
from keyed
left join model_names on keyed.model_id = model_names.model_id
left join users_after on keyed.account_id = users_after.account_id and keyed.user_id = users_after.user_id
