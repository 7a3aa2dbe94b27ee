DROP TABLE log_floors;
DROP TABLE log_rollups;
DROP TABLE log_metadata;
DROP TABLE log_texts;
DROP TABLE log_payloads;
DROP TABLE log_rows;
DROP TABLE log_tuples;
DROP TABLE log_words;
