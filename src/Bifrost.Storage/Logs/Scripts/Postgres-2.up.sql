-- Gateway by gateway: the log is known to agree with the ledger up to this moment.
CREATE TABLE log_marks (name text PRIMARY KEY, moment bigint NOT NULL);
