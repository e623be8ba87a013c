-- grain: one window with rows left out as duplicates although their money or tokens differ and nothing says which row
-- is newer, by currency; `amount` is the money left out; key: check_name, account_id, report, window_start, window_end, currency
insert into bookkeeping.load_findings by name
with differing as (
    select
        kept.account_id,
        kept.report,
        kept.window_start,
        kept.window_end,
        duplicates.window_number,
        duplicates.file_row,
        duplicates.tokens
    from duplicates
    inner join staged as kept
        on duplicates.window_number = kept.window_number and duplicates.usage_key = kept.usage_key
    where
        duplicates.updated_at is null
        and kept.reason is null
        and not kept.outside_window
        and (
            list_sort(duplicates.charges) is distinct from list_sort(kept.charges)
            or duplicates.tokens is distinct from
            [kept.input_tokens, kept.cached_input_tokens, kept.cache_write_tokens, kept.output_tokens]
        )
)

select
    'duplicates_that_differ' as check_name,
    differing.account_id,
    differing.report,
    differing.window_start,
    differing.window_end,
    sums.currency,
    count(*) as affected_rows,
    sum(abs(sums.billed_cost)) as amount,
    sum(list_sum(differing.tokens))::hugeint as tokens
from differing
left join unloaded_charge_sums as sums
    on differing.window_number = sums.window_number and differing.file_row = sums.file_row
group by all
