-- Texts that repeat, once. 0 stands for none.
CREATE TABLE log_words (id integer PRIMARY KEY, value text COLLATE "C" NOT NULL UNIQUE);

-- Every combination of dimensions that has occurred.
CREATE TABLE log_tuples (
    id integer PRIMARY KEY,
    virtual_key integer NOT NULL,
    team integer NOT NULL,
    business_unit integer NOT NULL,
    customer integer NOT NULL,
    user_id integer NOT NULL,
    provider integer NOT NULL,
    provider_key integer NOT NULL,
    model integer NOT NULL,
    operation integer NOT NULL,
    status integer NOT NULL,
    fault integer NOT NULL,
    lane integer NOT NULL,
    streamed integer NOT NULL
);

-- The key is the time and a slot in it; see LogKey. One partition for each day, made before its first row.
CREATE TABLE log_rows (
    key bigint NOT NULL PRIMARY KEY,
    tuple integer NOT NULL,
    finder bigint NOT NULL,
    latency bigint NOT NULL,
    first_byte bigint,
    input bigint NOT NULL,
    output bigint NOT NULL,
    cached_read bigint NOT NULL,
    reasoning bigint NOT NULL,
    images integer NOT NULL,
    cost bigint,
    flags integer NOT NULL,
    id bytea NOT NULL,
    detail bytea NOT NULL
) PARTITION BY RANGE (key);

CREATE INDEX log_rows_by_tuple ON log_rows (tuple, key);
CREATE INDEX log_rows_by_finder ON log_rows (finder);

CREATE TABLE log_payloads (key bigint NOT NULL PRIMARY KEY, flags integer NOT NULL, body bytea NOT NULL, search tsvector NOT NULL)
PARTITION BY RANGE (key);

ALTER TABLE log_payloads ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX log_payloads_by_search ON log_payloads USING gin (search);

CREATE TABLE log_metadata (pair bigint NOT NULL, key bigint NOT NULL, PRIMARY KEY (pair, key)) PARTITION BY RANGE (key);

CREATE TABLE log_rollups (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level integer NOT NULL,
    bucket bigint NOT NULL,
    section integer NOT NULL,
    tier integer NOT NULL,
    keys bytea NOT NULL,
    bounds bytea NOT NULL,
    sums bytea NOT NULL,
    sketches bytea NOT NULL
);

-- Packed already; PostgreSQL would try again.
ALTER TABLE log_rollups
    ALTER COLUMN keys SET STORAGE EXTERNAL,
    ALTER COLUMN bounds SET STORAGE EXTERNAL,
    ALTER COLUMN sums SET STORAGE EXTERNAL,
    ALTER COLUMN sketches SET STORAGE EXTERNAL;

CREATE INDEX log_rollups_by_bucket ON log_rollups (level, section, bucket, tier);

-- Level by level: the roll-ups before this moment are not kept.
CREATE TABLE log_floors (level integer PRIMARY KEY, moment bigint NOT NULL);
