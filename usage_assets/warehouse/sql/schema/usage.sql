-- grain: one row of the API
-- key: usage_key
create table usage (
    usage_key varchar not null,
    account_id varchar not null,
    integration varchar not null,
    report varchar not null,
    window_start date not null,
    window_end date not null,
    file_row bigint not null,
    row_id varchar not null,
    usage_date date not null,
    last_day date not null,
    start_at timestamp not null,
    end_at timestamp not null,
    metric_name varchar,
    product_id varchar,
    product_name varchar,
    organization_id varchar,
    organization_name varchar,
    user_id varchar,
    user_email varchar,
    user_name varchar,
    user_key varchar not null,
    provider varchar not null,
    model_id varchar,
    model varchar not null,
    surface varchar not null,
    quantity decimal(38, 12),
    unit varchar,
    input_tokens bigint,
    cached_input_tokens bigint,
    cache_write_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    requests bigint,
    sessions bigint,
    price_context varchar not null,
    meters struct(part integer, model varchar, meter varchar, quantity bigint)[],
    is_covered boolean not null,
    usage_json json,
    charges struct(amount decimal(38, 12), currency varchar, type varchar)[],
    resources struct(id varchar, name varchar, workspace struct(id varchar, name varchar))[],
    created_at timestamp,
    updated_at timestamp,
    fetched_at timestamp not null
);

comment on column usage.usage_key is 'hash of account, report, window, row id and all dimensions';
comment on column usage.account_id is 'Truto''s id of the integrated account';
comment on column usage.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column usage.report is '`default`, or the name of a report the profile lists';
comment on column usage.window_start is 'first day of the request window';
comment on column usage.window_end is 'day after the last day of the request window';
comment on column usage.file_row is 'line of the row in the landing file, from 1';
comment on column usage.row_id is '`id` of the row in the API';
comment on column usage.usage_date is 'first day of the row, as the vendor writes it';
comment on column usage.last_day is 'last day of the row, as the vendor writes it, up to the fetch; `usage_date` for a row of one day';
comment on column usage.start_at is 'start, UTC';
comment on column usage.end_at is 'exclusive end, UTC; the end of the window where the row has none';
comment on column usage.metric_name is 'what is metered; NULL where the row names nothing';
comment on column usage.product_id is 'id of the product';
comment on column usage.product_name is 'name of the product';
comment on column usage.organization_id is 'id of the organization at the vendor';
comment on column usage.organization_name is 'name of the organization at the vendor';
comment on column usage.user_id is 'the vendor''s id of the user';
comment on column usage.user_email is 'e-mail of the user on this row';
comment on column usage.user_name is 'name of the user on this row';
comment on column usage.user_key is 'the person: e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`, else `(none)`';
comment on column usage.provider is 'provider of the model, lower case; else the vendor of the integration';
comment on column usage.model_id is 'model id as the API wrote it; NULL where the row names none';
comment on column usage.model is 'canonical name of `model_id`, such as `claude-sonnet-4-5`; `(none)` where the row names none';
comment on column usage.surface is 'where it was used, such as an editor or a console; `(none)` where the row names none';
comment on column usage.quantity is '`usage.quantity` of the row';
comment on column usage.unit is '`usage.unit` of the row';
comment on column usage.input_tokens is 'input tokens without the cached ones, for every vendor';
comment on column usage.cached_input_tokens is 'input tokens read from the cache';
comment on column usage.cache_write_tokens is 'tokens written to the cache';
comment on column usage.output_tokens is 'output tokens, reasoning included';
comment on column usage.reasoning_tokens is 'reasoning tokens, a part of the output tokens';
comment on column usage.requests is 'requests';
comment on column usage.sessions is 'distinct sessions; a sum over rows counts a session more than once';
comment on column usage.price_context is 'what changes the price besides model and day, such as `service_tier=flex` or `factor=1.1;speed=fast`; `(none)` for the standard price';
comment on column usage.meters is 'what the row is priced by: quantities other than 0, every token in exactly one meter; `part` counts the models of the row from 1';
comment on column usage.is_covered is 'whether a flat plan pays for the row, by `covered_when` in the profile';
comment on column usage.usage_json is 'the whole `usage` object of the row';
comment on column usage.charges is 'the charges of the row; currency in upper case, type in lower case';
comment on column usage.resources is 'the resources of the row, such as clusters or projects';
comment on column usage.created_at is 'when the vendor made the row, UTC';
comment on column usage.updated_at is 'when the vendor last changed the row, UTC';
comment on column usage.fetched_at is 'when the window was fetched, UTC';
