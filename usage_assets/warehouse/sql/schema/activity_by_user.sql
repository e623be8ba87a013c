-- grain: one day of an account, provider, surface, user_key, metric
-- key: usage_date, account_id, provider, surface, user_key, metric
create table activity_by_user (
    usage_date date not null,
    account_id varchar not null,
    integration varchar not null,
    provider varchar not null,
    surface varchar not null,
    user_key varchar not null,
    metric varchar not null,
    value decimal(38, 12) not null,
    is_maximum boolean not null
);

comment on column activity_by_user.usage_date is 'first day of the rows, as the vendor writes it';
comment on column activity_by_user.account_id is 'Truto''s id of the integrated account';
comment on column activity_by_user.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column activity_by_user.provider is 'provider of the model, lower case; else the vendor of the integration';
comment on column activity_by_user.surface is 'where it was used, such as an editor or a console; `(none)` where the row names none';
comment on column activity_by_user.user_key is 'the person: e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`, else `(none)`';
comment on column activity_by_user.metric is 'path of the number below `usage`, such as `code.lines_added`; `[]` follows the name of a list, and an unusual name is in quotes';
comment on column activity_by_user.value is 'sum of the numbers of the rows; their maximum where `is_maximum`';
comment on column activity_by_user.is_maximum is 'whether the numbers must not be added, such as distinct counts, over rows, days or people';
