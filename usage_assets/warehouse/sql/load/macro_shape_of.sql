-- the shape of a line: rows of one shape have the same members in the objects of which `members` lists the members
-- key: none
create or replace temp macro shape_of(line, members) as
hash(members, strlen(line) - strlen(replace(line, '{', '')))
