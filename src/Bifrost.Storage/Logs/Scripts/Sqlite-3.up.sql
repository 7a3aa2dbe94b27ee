-- With what is filtered and sorted by: rows that do not match are passed over in the index. The key stands in it because its order counts before the others'.
DROP INDEX log_rows_by_tuple;
CREATE INDEX log_rows_by_tuple ON log_rows (tuple, key, latency, input, output, cost, flags);

-- The rows that a search by words can find.
CREATE INDEX log_rows_with_payload ON log_rows (key, tuple, latency, input, output, cost) WHERE (flags & 2) <> 0;
