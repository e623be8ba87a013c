-- grain: one line of a landing file; `reason` says why it cannot be loaded, NULL where it can; lines equal in all
-- dimensions share a `usage_key`; key: account_id, report, window_start, window_end, file_row
create or replace temp table staged as
with lines as (
    select
        filename,
        line,
        row_number() over () as line_number
    from read_lines($files)
),

parsed as (
    select
        windows.*,
        lines.line_number - windows.lines_before as file_row,
        lines.line,
        read_row(lines.line, lines.line_number) as api
    from lines
    inner join windows_to_load as windows on lines.filename = windows.filename
),

typed as (
    select
        * exclude (api),
        trimmed(api.id) as row_id,
        utc_moment(api.start_date) as start_at,
        utc_moment(api.end_date) as end_given,
        api.start_date as start_text,
        api.end_date as end_text,
        api.metric_name,
        api.product.id as product_id,
        api.product.name as product_name,
        api.organization.id as organization_id,
        api.organization.name as organization_name,
        trimmed(api.user.id) as user_id,
        trimmed(api.user.email) as user_email,
        trimmed(api.user.name) as user_name,
        trimmed(api.model.id) as model_id,
        coalesce(lower(trimmed(api.model.provider)), $vendor, '(none)') as provider,
        coalesce(trimmed(api.surface), '(none)') as surface,
        case
            when contains(api.usage::varchar, 'quantity') or contains(api.usage::varchar, 'unit')
                then from_json(api.usage, '{"quantity": "DECIMAL(38,12)", "unit": "VARCHAR"}')
        end as measured,
        api.usage as usage_json,
        list_transform(api.charges, lambda charge: {
            'amount': case
                when abs(charge.amount) >= 10000000000000000000000 then null
                when $units_per_amount::decimal(4, 3) = 1 then charge.amount
                else (charge.amount * $units_per_amount::decimal(4, 3))::decimal(38, 12)
            end,
            'currency': coalesce(upper(trimmed(charge.currency)), $currency),
            'type': lower(trim(charge.type))
        }) as charges,
        api.resources,
        utc_moment(api.created_at) as created_at,
        utc_moment(api.updated_at) as updated_at,
        -- true is read as 1 and false as 0, so only such amounts need a second look
        case
            when len(list_filter(api.charges, lambda charge: charge.amount in (0, 1))) > 0
                then list_has_any(
                    list_transform(
                        from_json(line, '{"charges": [{"amount": "JSON"}]}').charges,
                        lambda charge: charge.amount::varchar
                    ),
                    ['true', 'false']
                )
        end as has_boolean_amount,
        case
            when api.charges is null and contains(line::varchar, '"charges"')
                then coalesce(json_type(line, '$.charges'), 'NULL') <> 'NULL'
        end as has_charges_of_other_shape,
        case
            when
                (api.product.id is null and contains(line::varchar, '"product"'))
                or (api.user.id is null and contains(line::varchar, '"user"'))
                or (api.model.id is null and contains(line::varchar, '"model"'))
                or not starts_with(api.usage::varchar, '{')
                then json_type(line, ['$.product', '$.user', '$.model', '$.usage'])
        end as shapes,
        case
            when contains(api.usage::varchar, 'oken') then 'usage'
            when contains(line::varchar, 'oken') then 'remote_data'
        end as token_root,
        case token_root when 'remote_data' then json_extract(line, '$.remote_data') end as remote_json,
        json_extract_string(api.usage, $usage_paths::varchar[]) as found_in_usage
    from parsed
),

first_texts as (
    select
        *,
        first_text(found_in_usage, $input) as input_text,
        first_text(found_in_usage, $cached_input) as cached_text,
        first_text(found_in_usage, $cache_write) as written_text,
        first_text(found_in_usage, $output) as output_text,
        first_text(found_in_usage, $reasoning) as reasoning_text,
        first_text(found_in_usage, $requests) as requests_text,
        first_text(found_in_usage, $sessions) as sessions_text
    from typed
),

counts_found as (
    select
        *,
        read_count(input_text) as input_found,
        read_count(cached_text) as cached_found,
        read_count(written_text) as written_found,
        read_count(output_text) as output_found,
        read_count(reasoning_text) as reasoning_found,
        read_count(requests_text) as requests_found,
        read_count(sessions_text) as sessions_found
    from first_texts
),

-- where each text that was found is one of these counts there is nothing to choose between
chosen_between as (
    select
        *,
        case
            when
                least(
                    input_found, cached_found, written_found, output_found, reasoning_found, requests_found,
                    sessions_found
                ) = -1000000000000000
                or list_count(found_in_usage) > list_count([
                    input_found, cached_found, written_found, output_found, reasoning_found, requests_found,
                    sessions_found
                ])
                then list_transform(found_in_usage, lambda text: read_count(text))
        end as counts_in_usage
    from counts_found
),

counted_in_usage as (
    select
        *,
        count_in_usage(input_found, counts_in_usage, $input) as input_in_usage,
        count_in_usage(cached_found, counts_in_usage, $cached_input) as cached_in_usage,
        count_in_usage(written_found, counts_in_usage, $cache_write) as written_in_usage,
        count_in_usage(output_found, counts_in_usage, $output) as output_in_usage,
        count_in_usage(reasoning_found, counts_in_usage, $reasoning) as reasoning_in_usage,
        count_in_usage(requests_found, counts_in_usage, $requests) as requests_in_usage,
        count_in_usage(sessions_found, counts_in_usage, $sessions) as sessions_in_usage
    from chosen_between
),

-- a count that is not where the API has it may still be elsewhere, in the vendor's own row
searched as (
    select
        *,
        exclusive_end(end_text, end_given, $end_is_inclusive) as end_meant,
        case
            when
                (
                    (input_in_usage is null and $input.outside_window)
                    or (cached_in_usage is null and $cached_input.outside_window)
                    or (written_in_usage is null and $cache_write.outside_window)
                    or (output_in_usage is null and $output.outside_window)
                    or (reasoning_in_usage is null and $reasoning.outside_window)
                    or (requests_in_usage is null and $requests.outside_window)
                    or (sessions_in_usage is null and $sessions.outside_window)
                )
                and len(list_filter($other_members::varchar[], lambda member: contains(line::varchar, member))) > 0
                then list_transform(
                    json_extract_string(line, $other_paths::varchar[]), lambda text: read_count(text)
                )
        end as counts_elsewhere
    from counted_in_usage
),

counted as (
    select
        *,
        coalesce(end_meant, window_end::timestamp) as end_at,
        coalesce(input_in_usage, count_elsewhere(counts_elsewhere, $input)) as input_given,
        coalesce(cached_in_usage, count_elsewhere(counts_elsewhere, $cached_input)) as cached_input_tokens,
        coalesce(written_in_usage, count_elsewhere(counts_elsewhere, $cache_write)) as cache_write_tokens,
        coalesce(output_in_usage, count_elsewhere(counts_elsewhere, $output)) as output_tokens,
        coalesce(reasoning_in_usage, count_elsewhere(counts_elsewhere, $reasoning)) as reasoning_tokens,
        coalesce(requests_in_usage, count_elsewhere(counts_elsewhere, $requests)) as requests,
        coalesce(sessions_in_usage, count_elsewhere(counts_elsewhere, $sessions)) as sessions,
        has_unreadable_count(counts_in_usage) or has_unreadable_count(counts_elsewhere) as has_unreadable_count
    from searched
)

select
    account_id,
    integration,
    report,
    window_start,
    window_end,
    window_number,
    fetched_at,
    file_row,
    row_id,
    start_at,
    end_at,
    metric_name,
    product_id,
    product_name,
    organization_id,
    organization_name,
    user_id,
    user_email,
    user_name,
    model_id,
    provider,
    surface,
    measured.quantity,
    measured.unit,
    cached_input_tokens,
    cache_write_tokens,
    output_tokens,
    reasoning_tokens,
    requests,
    sessions,
    usage_json,
    charges,
    resources,
    created_at,
    updated_at,
    token_root,
    remote_json,
    has_unreadable_count,
    coalesce(start_at < window_start or start_at >= window_end, false) as outside_window,
    coalesce($input_includes_cache and cached_input_tokens > input_given, false) as is_cached_beyond_input,
    coalesce(least(input_given, cached_input_tokens, cache_write_tokens, output_tokens) < 0, false)
        as has_negative_count,
    coalesce(len(list_filter(shapes, lambda shape: shape not in ('OBJECT', 'NULL'))) > 0, false) as has_other_shape,
    case
        when $input_includes_cache and cached_input_tokens <= input_given then input_given - cached_input_tokens
        else input_given
    end as input_tokens,
    case
        when row_id is null then 'the row has no id'
        when start_text is null then 'the row has no start_date'
        when start_at is null then 'start_date ' || start_text || ' is not a date'
        when end_text is not null and end_meant is null
            then 'end_date ' || end_text || ' is not a date'
        when end_at < start_at then 'end_date ' || end_text || ' is before start_date ' || start_text
        when has_charges_of_other_shape then 'charges is not a list'
        when has_boolean_amount or len(list_filter(charges, lambda charge: charge.amount is null)) > 0
            then 'an amount in charges is not a number below 1e22'
        when len(list_filter(charges, lambda charge: charge.currency is null)) > 0
            then 'a charge has no currency'
    end as reason,
    md5(
        json_array(
            account_id, report, window_start::varchar, window_end::varchar, row_id, product_id, metric_name, provider,
            model_id, user_id, surface, organization_id, resources::varchar, start_at::varchar, end_at::varchar,
            measured.unit
        )::varchar
    ) as usage_key
from counted
