-- the column of `usage` and `cost` that counts the tokens of a meter; NULL for a meter of another kind
-- key: none
create or replace temp macro token_column(meter) as
case
    when starts_with(meter, 'cache_') and contains(meter, 'read') then 'cached_input_tokens'
    when starts_with(meter, 'cache_') then 'cache_write_tokens'
    when starts_with(meter, 'input') then 'input_tokens'
    when starts_with(meter, 'output') then 'output_tokens'
end
