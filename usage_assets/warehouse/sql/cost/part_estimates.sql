-- grain: one part of a usage row with meters that touches the days of a step, priced by its meters; of a row of several
-- parts also its tokens and its weight among them; `usage_row` is the row's place in `usage`; key: usage_row, part
create or replace temp table part_estimates as
with metered as (
    select
        rowid as usage_row,
        usage_date,
        provider,
        price_context,
        parts_of(meters) as parts,
        unnest(meters, recursive := true)
    from usage
    where
        usage_date in (select start_days.usage_date from start_days)
        and last_day >= $first_day
        and len(meters) > 0
),

unit_prices as (
    select
        *,
        meter not in $count_meters as is_token
    from prices
    where usage_date in (select start_days.usage_date from start_days)
),

priced as (
    select
        metered.usage_row,
        metered.parts is not null as is_one_of_several,
        metered.model,
        metered.meter,
        metered.quantity,
        case when metered.parts is null then 1 else list_position(metered.parts, metered.part) end as part,
        coalesce(unit_prices.is_token, metered.meter not in $count_meters) as is_token,
        metered_cost(metered.quantity, unit_prices.unit_price) as list_price,
        unit_prices.price_book
    from metered
    left join unit_prices using (provider, model, price_context, meter, usage_date)
),

sums as (
    select
        usage_row,
        part,
        is_one_of_several,
        any_value(model) as model,
        bool_or(is_token) as has_tokens,
        case when not bool_or(is_token and list_price is null) then sum(list_price) end::decimal(38, 12)
            as estimated_cost_usd,
        min(price_book) filter (where list_price is not null) as price_book
    from priced
    group by usage_row, part, is_one_of_several
),

token_sums as (
    select
        usage_row,
        part,
        sum(quantity) as tokens,
        sum(quantity) filter (where token_column(meter) = 'input_tokens')::bigint as input_tokens,
        sum(quantity) filter (where token_column(meter) = 'cached_input_tokens')::bigint as cached_input_tokens,
        sum(quantity) filter (where token_column(meter) = 'cache_write_tokens')::bigint as cache_write_tokens,
        sum(quantity) filter (where token_column(meter) = 'output_tokens')::bigint as output_tokens
    from priced
    where is_one_of_several and is_token
    group by usage_row, part
),

weighted as (
    select
        sums.*,
        token_sums.* exclude (usage_row, part, tokens),
        greatest(
            case
                when bool_and(sums.estimated_cost_usd is not null or not sums.has_tokens) over of_row
                    then coalesce(in_units(sums.estimated_cost_usd), 0)
                else coalesce(token_sums.tokens, 0)
            end,
            0
        )::hugeint as weight
    from sums
    left join token_sums on sums.usage_row = token_sums.usage_row and sums.part = token_sums.part
    where sums.is_one_of_several
    window of_row as (partition by sums.usage_row)
)

select
    *,
    sum(weight) over (partition by usage_row)::hugeint as row_weight,
    part = max(part) over (partition by usage_row) as is_last_part
from weighted
union all by name
select *
from sums
where not is_one_of_several
