-- Gateway by gateway: the log is known to agree with the ledger up to this moment.
CREATE TABLE log_marks (name TEXT PRIMARY KEY, moment INTEGER NOT NULL);
