-- whether a part of a row has a token count other than 0; counts of several parts may cancel out
-- key: none
create or replace temp macro has_tokens(parts, token_meters) as
len(list_filter(flatten(list_transform(parts, lambda part: part[:token_meters])), lambda count: count <> 0)) > 0
