-- grain: one row of a landing file; `reason` is why it is rejected, else NULL; duplicates share a `usage_key`
-- key: account_id, report, window_start, window_end, file_row
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
        row_of(lines.line) as api
    from lines
    inner join batch_windows as windows on lines.filename = windows.filename
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
        -- speed: few rows have a quantity
        case
            when contains(api.usage::varchar, 'quantity') or contains(api.usage::varchar, 'unit')
                then from_json(api.usage, '{"quantity": "DECIMAL(38,12)", "unit": "VARCHAR"}')
        end as measured,
        api.usage as usage_json,
        list_transform(api.charges, lambda charge: {
            'amount': case
                when abs(charge.amount) >= 10000000000000000000000 then null
                when $units_per_amount::decimal(4, 3) = 1 then charge.amount -- speed
                else (charge.amount * $units_per_amount::decimal(4, 3))::decimal(38, 12)
            end,
            'currency': coalesce(upper(trimmed(charge.currency)), $currency),
            'type': lower(trim(charge.type))
        }) as charges,
        api.resources,
        utc_moment(api.created_at) as created_at,
        utc_moment(api.updated_at) as updated_at,
        -- the JSON reader turns true into 1 and false into 0; speed: only rows with such amounts are read again
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
        -- speed: only rows with an unreadable member are searched
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
        json_extract_string(api.usage, $usage_paths::varchar[]) as usage_texts
    from parsed
),

usage_counts_read as (
    select
        *,
        read_counts(usage_texts) as usage_counts
    from typed
),

counted_in_usage as (
    select
        *,
        first_counts(usage_counts, $usage_places) as counts_in_usage
    from usage_counts_read
),

-- a count that the usage object lacks may be in another member of the row; speed: only rows that contain the name of
-- such a member are searched
searched as (
    select
        *,
        exclusive_end(end_text, end_given, $end_is_inclusive) as end_meant,
        case
            when
                list_count(list_select(counts_in_usage, $counts_in_row::bigint[])) < len($counts_in_row::bigint[])
                and len(list_filter($row_members::varchar[], lambda member: contains(line::varchar, member))) > 0
                then json_extract_string(line, $row_paths::varchar[])
        end as row_texts
    from counted_in_usage
),

row_counts_read as (
    select
        *,
        read_counts(row_texts) as row_counts
    from searched
),

merged as (
    select
        *,
        case
            when row_texts is null then counts_in_usage
            else list_transform(
                first_counts(row_counts, $row_places), lambda count, number: coalesce(counts_in_usage[number], count)
            )
        end as counts
    from row_counts_read
),

counted as (
    select
        *,
        coalesce(end_meant, window_end::timestamp) as end_at,
        -- the order of `first_counts`
        counts[1] as input_given,
        counts[2] as cached_input_tokens,
        counts[3] as cache_write_tokens,
        counts[4] as output_tokens,
        counts[5] as reasoning_tokens,
        counts[6] as requests,
        counts[7] as sessions,
        has_unreadable_count(usage_texts, usage_counts) or has_unreadable_count(row_texts, row_counts)
            as has_unreadable_count
    from merged
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
