-- Texts that repeat, once. 0 stands for none.
CREATE TABLE log_words (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);

-- Every combination of dimensions that has occurred.
CREATE TABLE log_tuples (
    id INTEGER PRIMARY KEY,
    virtual_key INTEGER NOT NULL,
    team INTEGER NOT NULL,
    business_unit INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    provider INTEGER NOT NULL,
    provider_key INTEGER NOT NULL,
    model INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    status INTEGER NOT NULL,
    fault INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    streamed INTEGER NOT NULL
);

-- The key is the time and a slot in it; see LogKey.
CREATE TABLE log_rows (
    key INTEGER PRIMARY KEY,
    tuple INTEGER NOT NULL,
    finder INTEGER NOT NULL,
    latency INTEGER NOT NULL,
    first_byte INTEGER,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cached_read INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    images INTEGER NOT NULL,
    cost INTEGER,
    flags INTEGER NOT NULL,
    id BLOB NOT NULL,
    detail BLOB NOT NULL
);

-- SQLite puts the key behind both.
CREATE INDEX log_rows_by_tuple ON log_rows (tuple);
CREATE INDEX log_rows_by_finder ON log_rows (finder);

CREATE TABLE log_payloads (key INTEGER PRIMARY KEY, flags INTEGER NOT NULL, body BLOB NOT NULL);

CREATE VIRTUAL TABLE log_texts USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', tokenize = 'unicode61 remove_diacritics 0');

CREATE TABLE log_metadata (pair INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (pair, key)) WITHOUT ROWID;

CREATE TABLE log_rollups (
    id INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    section INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    keys BLOB NOT NULL,
    bounds BLOB NOT NULL,
    sums BLOB NOT NULL,
    sketches BLOB NOT NULL
);

CREATE INDEX log_rollups_by_bucket ON log_rollups (level, section, bucket, tier);

-- Level by level: the roll-ups before this moment are not kept.
CREATE TABLE log_floors (level INTEGER PRIMARY KEY, moment INTEGER NOT NULL);
