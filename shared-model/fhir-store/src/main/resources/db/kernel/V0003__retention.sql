-- Rows of the inbox go when they are old; without this every look would read the whole table.
create index inbox_received on inbox (received);
