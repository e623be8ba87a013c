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
        lines.line_number - files.lines_before + files.rows_before as file_row,
        lines.line,
        row_of(lines.line) as api
    from lines
    inner join batch_files as files on lines.filename = files.filename
    inner join batch_windows as windows on files.window_number = windows.window_number
),

typed as (
    select
        * exclude (api),
        trimmed(api.id) as row_id,
        utc_moment(api.start_date) as start_at,
        utc_moment(api.end_date) as end_given,
        utc_offset(api.start_date) as start_offset,
        utc_offset(api.end_date) as end_offset,
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
            'amount': in_whole_units(
                charge.amount, coalesce(upper(trimmed(charge.currency)), $currency), $units_per_amount, $minor_units
            ),
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
        json_extract_string(line, $paths::varchar[]) as texts
    from parsed
),

searched as (
    select
        *,
        texts[:$count_paths] as count_texts,
        texts[$count_paths + 1:$count_paths + $context_paths] as context_texts,
        -- the first list of the record whose elements hold counts of their own; few records have one
        list_filter(
            list_transform(
                texts[$count_paths + $context_paths + 1:],
                lambda list: case when starts_with(list, '[') and json_valid(list) then from_json(list, '["JSON"]') end
            ),
            lambda elements: len(elements) > 0
        )[1] as elements
    from typed
),

numbers_read as (
    select
        *,
        read_counts(count_texts) as numbers,
        with_sums(numbers, $sums::bigint[][]) as numbers_and_sums,
        list_transform(elements, lambda element: json_extract_string(element, $element_paths::varchar[])) as part_texts,
        list_transform(
            part_texts, lambda texts: with_sums(read_counts(texts), $element_sums::bigint[][])
        ) as part_numbers
    from searched
),

counted as (
    select
        *,
        quantities_at(numbers_and_sums, $sources::bigint[][]) as first_counts,
        list_transform(part_numbers, lambda part: quantities_at(part, $element_sources::bigint[][])) as part_counts,
        list_transform(
            elements, lambda element: trimmed(list_any_value(json_extract_string(element, $element_models::varchar[])))
        ) as part_models
    from numbers_read
),

-- where all token counts of the row are 0, a later path may hold the tokens
corrected as (
    select
        *,
        case
            when list_sum(first_counts[:$token_meters]) = 0
                then quantities_at(without_zeros(numbers_and_sums), $sources::bigint[][])[:$token_meters]
        end as later_counts,
        case
            when list_count(later_counts) > 0 then list_concat(later_counts, first_counts[$token_meters + 1:])
            else first_counts
        end as counts,
        tokens_of(part_counts, $includes::bigint[][], $token_meters) as part_tokens
    from counted
),

-- the counts of a record's list stand for those of the row where they are as many tokens, because the list has a price
-- for each of its models; what the row counts besides tokens is its last part
parted as (
    select
        * exclude (part_counts, part_models),
        case
            when
                has_tokens(part_counts, $token_meters)
                and abs(part_tokens) >= coalesce(abs(tokens_of([counts], $includes::bigint[][], $token_meters)), 0)
                then list_append(
                    part_counts, list_transform(counts, lambda count, n: case when n > $token_meters then count end)
                )
        end as part_counts,
        list_append(part_models, coalesce(model_id, list_any_value(part_models))) as part_models
    from corrected
),

separated as (
    select
        *,
        coalesce(part_counts, [counts]) as all_counts,
        with_parts(counts, $includes::bigint[][]) as totals,
        case
            when part_counts is null then [separate_counts(counts, totals, $includes::bigint[][])]
            else list_transform(
                part_counts, lambda part: separate_counts(part, with_parts(part, $includes::bigint[][]), $includes::bigint[][])
            )
        end as meters
    from parted
),

timed as (
    select
        *,
        (start_at + start_offset)::date as usage_date,
        exclusive_end(end_text, end_given + end_offset, $end_is_inclusive) - end_offset as end_meant
    from separated
),

ended as (
    select
        *,
        coalesce(end_meant, window_end::timestamp - start_offset) as end_at,
        ((end_at + coalesce(end_offset, start_offset)) - interval 1 microsecond)::date as end_day,
        ((least(end_at, fetched_at) + coalesce(end_offset, start_offset)) - interval 1 microsecond)::date as last_begun_day
    from timed
)

select
    ended.account_id,
    ended.integration,
    ended.report,
    ended.window_start,
    ended.window_end,
    ended.window_number,
    ended.fetched_at,
    ended.file_row,
    ended.row_id,
    ended.usage_date,
    case when end_at - start_at <= interval 24 hours then usage_date else greatest(usage_date, last_begun_day) end
        as last_day,
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
    sum_of(meters, $input_meters::bigint[]) as input_tokens,
    sum_of(meters, $cache_read_meters::bigint[]) as cached_input_tokens,
    sum_of(meters, $cache_write_meters::bigint[]) as cache_write_tokens,
    sum_of(meters, $output_meters::bigint[]) as output_tokens,
    sum_of(all_counts, $reasoning::bigint[]) as reasoning_tokens,
    counts[$requests] as requests,
    counts[$sessions] as sessions,
    usage_json,
    charges,
    resources,
    created_at,
    updated_at,
    meters,
    case when part_counts is not null then part_models end as part_models,
    case when list_count(context_texts) > 0 then to_json(context_texts)::varchar end as context_key,
    has_unreadable_count(count_texts, numbers)
    or coalesce(
        len(list_filter(part_texts, lambda texts: has_unreadable_count(texts, read_counts(texts)))) > 0, false
    ) as has_unreadable_count,
    coalesce(usage_date < window_start or usage_date >= window_end, false) as outside_window,
    end_at - start_at > interval 24 hours and end_day - usage_date >= window_end - window_start as is_longer_than_window,
    case
        when part_counts is null then has_parts_beyond_whole(counts, totals, $includes::bigint[][])
        else len(list_filter(
            part_counts, lambda part: has_parts_beyond_whole(part, with_parts(part, $includes::bigint[][]), $includes::bigint[][])
        )) > 0
    end as is_cached_beyond_input,
    len(list_filter(flatten(meters), lambda count: count < 0)) > 0 as has_negative_count,
    coalesce(len(list_filter(shapes, lambda shape: shape not in ('OBJECT', 'NULL'))) > 0, false) as has_other_shape,
    case
        when bad_lines.reason is not null then bad_lines.reason
        when row_id is null then 'the row has no id'
        when start_text is null then 'the row has no start_date'
        when start_at is null then 'start_date ' || start_text || ' is not a date'
        when end_text is not null and end_meant is null
            then 'end_date ' || end_text || ' is not a date'
        when end_at < start_at then 'end_date ' || end_text || ' is before start_date ' || start_text
        when has_charges_of_other_shape then 'charges is not a list'
        when len(list_filter(charges, lambda charge: charge.currency is null)) > 0
            then 'a charge has no currency'
        when len(list_filter(charges, lambda charge: not has_minor_unit(charge.currency, $minor_units))) > 0
            then 'a charge is in a currency without a minor unit'
        when has_boolean_amount or len(list_filter(charges, lambda charge: charge.amount is null)) > 0
            then 'an amount in charges is not a number below 1e22'
        when sum_of_amounts(charges) >= 1e24 then 'its amounts add up to 1e24 or more'
    end as reason,
    md5(
        json_array(
            account_id, report, window_start::varchar, window_end::varchar, row_id, product_id, metric_name, provider,
            model_id, user_id, surface, organization_id, resources::varchar, start_at::varchar, end_at::varchar,
            measured.unit, case when $keeps_duplicates then ended.file_row end
        )::varchar
    ) as usage_key
from ended
left join bad_lines on ended.window_number = bad_lines.window_number and ended.file_row = bad_lines.file_row
