-- grain: one line of a landing file; `reason` says why it cannot be loaded, NULL where it can
-- key: account_id, report, window_start, window_end, file_row
create or replace temp table staged as
with lines as (
    select
        filename,
        json as line,
        row_number() over () as line_number
    from read_ndjson_objects($files, compression = 'zstd', filename = true)
),

parsed as (
    select
        windows.*,
        lines.line_number - windows.lines_before as file_row,
        lines.line,
        from_json(lines.line, '{
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
        }') as api
    from lines
    inner join windows_to_load as windows on lines.filename = windows.filename
),

typed as (
    select
        * exclude (line, api),
        nullif(trim(api.id), '') as row_id,
        utc_moment(api.start_date) as start_at,
        coalesce(exclusive_end(api.end_date, $end_is_inclusive), window_end::timestamp) as end_at,
        api.start_date as start_text,
        api.end_date as end_text,
        api.metric_name,
        api.product.id as product_id,
        api.product.name as product_name,
        api.organization.id as organization_id,
        api.organization.name as organization_name,
        nullif(trim(api.user.id), '') as user_id,
        nullif(trim(api.user.email), '') as user_email,
        nullif(trim(api.user.name), '') as user_name,
        nullif(trim(api.model.id), '') as model_id,
        coalesce(nullif(lower(trim(api.model.provider)), ''), $vendor, '(none)') as provider,
        coalesce(nullif(trim(api.surface), ''), '(none)') as surface,
        from_json(api.usage, '{"quantity": "DECIMAL(38,12)", "unit": "VARCHAR"}') as measured,
        api.usage as usage_json,
        list_transform(api.charges, lambda charge: {
            'amount': case
                when abs(charge.amount) < 10000000000000000000000
                    then (charge.amount * $units_per_amount::decimal(4, 3))::decimal(38, 12)
            end,
            'currency': coalesce(nullif(upper(trim(charge.currency)), ''), $currency),
            'type': lower(trim(charge.type))
        }) as charges,
        api.resources,
        utc_moment(api.created_at) as created_at,
        utc_moment(api.updated_at) as updated_at,
        case
            when contains(line, 'true') or contains(line, 'false') then list_has_any(
                list_transform(
                    from_json(line, '{"charges": [{"amount": "JSON"}]}').charges,
                    lambda charge: charge.amount::varchar
                ),
                ['true', 'false']
            )
        end as has_boolean_amount,
        api.charges is null and contains(line, '"charges"')
        and coalesce(json_type(line, '$.charges'), 'NULL') <> 'NULL' as has_charges_of_other_shape,
        json_type(line, ['$.product', '$.organization', '$.user', '$.model', '$.usage']) as shapes,
        json_extract_string(line, $count_paths) as found,
        case
            when contains(api.usage::varchar, 'oken') then 'usage'
            when contains(line::varchar, 'oken') then 'remote_data'
        end as token_root,
        case token_root when 'usage' then api.usage when 'remote_data' then json_extract(line, '$.remote_data') end
            as token_json
    from parsed
),

counted as (
    select
        * exclude (found),
        first_count(found[$input_first:$input_last]) as input_given,
        first_count(found[$cached_input_first:$cached_input_last]) as cached_input_tokens,
        first_count(found[$cache_write_first:$cache_write_last]) as cache_write_tokens,
        first_count(found[$output_first:$output_last]) as output_tokens,
        first_count(found[$reasoning_first:$reasoning_last]) as reasoning_tokens,
        first_count(found[$requests_first:$requests_last]) as requests,
        first_count(found[$sessions_first:$sessions_last]) as sessions,
        len(list_filter(found, lambda text: is_unreadable_count(text))) > 0 as has_unreadable_count
    from typed
)

select
    * exclude (has_boolean_amount, has_charges_of_other_shape, start_text, end_text, input_given, measured, shapes),
    measured.quantity,
    measured.unit,
    coalesce(start_at < window_start or start_at >= window_end, false) as is_elsewhere,
    coalesce($input_includes_cache and cached_input_tokens > input_given, false) as is_cached_beyond_input,
    coalesce(least(input_given, cached_input_tokens, cache_write_tokens, output_tokens) < 0, false)
        as has_negative_count,
    len(list_filter(shapes, lambda shape: shape not in ('OBJECT', 'NULL'))) > 0 as has_other_shape,
    case
        when $input_includes_cache and cached_input_tokens <= input_given then input_given - cached_input_tokens
        else input_given
    end as input_tokens,
    case
        when row_id is null then 'the row has no id'
        when start_text is null then 'the row has no start_date'
        when start_at is null then 'start_date ' || start_text || ' is not a date'
        when end_text is not null and exclusive_end(end_text, $end_is_inclusive) is null
            then 'end_date ' || end_text || ' is not a date'
        when end_at < start_at then 'end_date ' || end_text || ' is before start_date ' || start_text
        when has_charges_of_other_shape then 'charges is not a list'
        when has_boolean_amount or len(list_filter(charges, lambda charge: charge.amount is null)) > 0
            then 'an amount in charges is not a number below 1e22'
        when len(list_filter(charges, lambda charge: charge.currency is null)) > 0
            then 'a charge has no currency'
    end as reason
from counted
