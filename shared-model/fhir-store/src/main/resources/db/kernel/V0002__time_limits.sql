-- No statement, lock or forgotten transaction of this service may hold others up without end, on whatever connection.
alter role current_user set statement_timeout = '30s';
alter role current_user set lock_timeout = '10s';
alter role current_user set idle_in_transaction_session_timeout = '60s';
