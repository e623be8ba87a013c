-- grain: one user in the lists of an account in a month
-- key: account_id, month, user_id
create table seats (
    account_id varchar not null,
    month date not null,
    integration varchar not null,
    user_id varchar not null,
    user_key varchar not null,
    user_email varchar,
    user_name varchar,
    status varchar,
    role varchar,
    seat_type varchar,
    spend_limit decimal(38, 12),
    spend_limit_currency varchar,
    first_seen_on date not null,
    last_seen_on date not null,
    left_on date,
    last_active_on date,
    is_idle boolean not null,
    monthly_price decimal(38, 12),
    currency varchar
);

comment on column seats.account_id is 'Truto''s id of the integrated account';
comment on column seats.month is 'first day of the month';
comment on column seats.integration is 'name of the integration profile, such as `claude`; an unknown slug keeps its own name in lower case';
comment on column seats.user_id is 'the vendor''s id of the user';
comment on column seats.user_key is 'the person, as in `usage`: primary e-mail in lower case, else the e-mail last seen with the user id, else `account_id:user_id`';
comment on column seats.user_email is 'primary e-mail, as the API wrote it; NULL where the vendor tells none';
comment on column seats.user_name is 'name';
comment on column seats.status is 'status at the vendor, such as `active`, `invited`, `inactive` or `deleted`';
comment on column seats.role is 'role at the vendor; several are joined by commas';
comment on column seats.seat_type is 'type of the seat, by `seat_type` in the profile; NULL where the vendor tells none';
comment on column seats.spend_limit is 'the user''s spend limit in `spend_limit_currency`; NULL if there is none';
comment on column seats.spend_limit_currency is 'currency of `spend_limit`';
comment on column seats.first_seen_on is 'first day of the month on which a list had the user';
comment on column seats.last_seen_on is 'last day of the month on which a list had the user; the other columns are as of that day';
comment on column seats.left_on is 'first day after `last_seen_on` whose list lacks the user; NULL if there is none, or the vendor lists only active users';
comment on column seats.last_active_on is 'last day of activity up to the end of the month, by the vendor or by a row of `usage`, whichever is later; NULL if never';
comment on column seats.is_idle is 'whether the user had the seat in the last list of the month and no activity in the `USAGE_SEAT_IDLE_DAYS` days before it';
comment on column seats.monthly_price is 'price of the seat by `seats.csv` on `last_seen_on`; NULL without a line. It is never part of `cost`';
comment on column seats.currency is 'currency of `monthly_price`';
