-- updates: the usage rows of renamed users that have no e-mail
-- key: account_id, user_id
update usage set user_key = renamed_users.user_key
from renamed_users
where
    usage.account_id = renamed_users.account_id
    and usage.user_id = renamed_users.user_id
    and usage.user_email is null
