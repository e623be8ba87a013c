-- grain: the published rate of the shown currency on one day
-- key: usage_date
select
    usage_date,
    units_per_usd
from read_parquet($files)
where currency = $currency
order by usage_date
