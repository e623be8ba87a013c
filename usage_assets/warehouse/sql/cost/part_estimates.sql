-- grain: one part of a usage row with meters that touches the days of a step, priced by its meters; of a row of several
-- parts also its tokens and its weight among them; `row_number` is the row's place in `usage`; key: row_number, part
create or replace temp table part_estimates as
with metered as (
    select
        rowid as row_number,
        usage_date,
        provider,
        price_context,
        unnest(meters, recursive := true)
    from usage
    where
        usage_date in (select start_days.usage_date from start_days)
        and last_day >= $first_day
        and len(meters) > 0
),

priced as (
    select
        metered.row_number,
        metered.part,
        metered.model,
        metered.meter,
        metered.quantity,
        metered.meter not in $count_meters as is_token,
        metered_cost(metered.quantity, prices.unit_price) as list_price_cost,
        prices.price_book
    from metered
    left join prices using (provider, model, price_context, meter, usage_date)
),

sums as (
    select
        row_number,
        part,
        any_value(model) as model,
        bool_or(is_token) as has_tokens,
        case when not bool_or(is_token and list_price_cost is null) then sum(list_price_cost) end::decimal(38, 12)
            as estimated_cost_usd,
        min(price_book) filter (where list_price_cost is not null) as price_book,
        sum(quantity) filter (where is_token) as tokens
    from priced
    group by row_number, part
),

rows_of_several_parts as (
    select distinct row_number
    from sums
    where part > 1
),

token_sums as (
    select
        row_number,
        part,
        sum(quantity) filter (where token_column(meter) = 'input_tokens')::bigint as input_tokens,
        sum(quantity) filter (where token_column(meter) = 'cached_input_tokens')::bigint as cached_input_tokens,
        sum(quantity) filter (where token_column(meter) = 'cache_write_tokens')::bigint as cache_write_tokens,
        sum(quantity) filter (where token_column(meter) = 'output_tokens')::bigint as output_tokens
    from priced
    where row_number in (select rows_of_several_parts.row_number from rows_of_several_parts) and is_token
    group by row_number, part
),

weighted as (
    select
        *,
        greatest(
            case
                when count(*) over of_row = count(estimated_cost_usd) over of_row then in_units(estimated_cost_usd)
                else coalesce(tokens, 0)
            end,
            0
        )::hugeint as weight
    from sums
    where row_number in (select rows_of_several_parts.row_number from rows_of_several_parts)
    window of_row as (partition by row_number)
)

select
    * exclude (tokens),
    false as is_one_of_several,
    null::hugeint as weight,
    null::hugeint as row_weight,
    null::boolean as is_last_part,
    null::bigint as input_tokens,
    null::bigint as cached_input_tokens,
    null::bigint as cache_write_tokens,
    null::bigint as output_tokens
from sums
where row_number not in (select rows_of_several_parts.row_number from rows_of_several_parts)
union all by name
select
    weighted.* exclude (tokens) replace (
        row_number() over (partition by weighted.row_number order by weighted.part)::integer as part
    ),
    true as is_one_of_several,
    sum(weighted.weight) over (partition by weighted.row_number)::hugeint as row_weight,
    row_number() over (partition by weighted.row_number order by weighted.part desc) = 1 as is_last_part,
    token_sums.input_tokens,
    token_sums.cached_input_tokens,
    token_sums.cache_write_tokens,
    token_sums.output_tokens
from weighted
left join token_sums on weighted.row_number = token_sums.row_number and weighted.part = token_sums.part
