DROP INDEX log_rows_with_payload;
DROP INDEX log_rows_by_tuple;
CREATE INDEX log_rows_by_tuple ON log_rows (tuple, key);
