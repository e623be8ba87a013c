-- grain: one row of the API
-- key: usage_key
create table if not exists usage (
    -- hash of account, report, window, row id and all dimensions
    usage_key varchar not null,
    -- Truto's id of the integrated account
    account_id varchar not null,
    -- name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case
    integration varchar not null,
    -- `default`, or the name of a report the profile lists
    report varchar not null,
    -- first day of the request window
    window_start date not null,
    -- day after the last day of the request window
    window_end date not null,
    -- line of the row in the landing file, from 1
    file_row bigint not null,
    -- `id` of the row in the API
    row_id varchar not null,
    -- UTC day of `start_at`
    usage_date date not null,
    -- start, UTC
    start_at timestamp not null,
    -- exclusive end, UTC; the end of the window where the row has none
    end_at timestamp not null,
    -- what is metered; NULL where the row names nothing
    metric_name varchar,
    -- id of the product
    product_id varchar,
    -- name of the product
    product_name varchar,
    -- id of the organization at the vendor
    organization_id varchar,
    -- name of the organization at the vendor
    organization_name varchar,
    -- the vendor's id of the user
    user_id varchar,
    -- e-mail of the user on this row
    user_email varchar,
    -- name of the user on this row
    user_name varchar,
    -- the person: e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`, else
    -- `(none)`
    user_key varchar not null,
    -- provider of the model, lower case; else the vendor of the integration
    provider varchar not null,
    -- model id as the API wrote it; NULL where the row names none
    model_id varchar,
    -- canonical name of `model_id`, such as `claude-sonnet-4-5`; `(none)` where the row names none
    model varchar not null,
    -- where it was used, such as an editor or a console; `(none)` where the row names none
    surface varchar not null,
    -- `usage.quantity` of the row
    quantity decimal(38, 12),
    -- `usage.unit` of the row
    unit varchar,
    -- input tokens without the cached ones, whatever the vendor counts
    input_tokens bigint,
    -- input tokens read from the cache
    cached_input_tokens bigint,
    -- tokens written to the cache
    cache_write_tokens bigint,
    -- output tokens, reasoning included
    output_tokens bigint,
    -- reasoning tokens, a part of the output tokens
    reasoning_tokens bigint,
    -- requests
    requests bigint,
    -- distinct sessions; not to be added up over rows
    sessions bigint,
    -- the whole `usage` object of the row
    usage_json json,
    -- the charges of the row; currency in upper case, type in lower case
    charges struct(amount decimal(38, 12), currency varchar, type varchar)[],
    -- the resources of the row, such as clusters or projects
    resources struct(id varchar, name varchar, workspace struct(id varchar, name varchar))[],
    -- when the vendor made the row, UTC
    created_at timestamp,
    -- when the vendor last changed the row, UTC
    updated_at timestamp,
    -- when the window was fetched, UTC
    fetched_at timestamp not null
)
