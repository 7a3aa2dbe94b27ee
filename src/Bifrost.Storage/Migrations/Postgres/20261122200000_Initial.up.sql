CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);

CREATE TABLE counters (
    meter_id text NOT NULL,
    period_start bigint NOT NULL,
    epoch integer NOT NULL,
    used bigint NOT NULL,
    CONSTRAINT pk_counters PRIMARY KEY (meter_id)
);

CREATE TABLE journals (
    journal text NOT NULL,
    segment bigint NOT NULL,
    position bigint NOT NULL,
    CONSTRAINT pk_journals PRIMARY KEY (journal)
);

CREATE TABLE ledger (
    id uuid NOT NULL,
    at bigint NOT NULL,
    settled_at bigint NOT NULL,
    request_id text NOT NULL,
    operation text NOT NULL,
    provider text NOT NULL,
    provider_key text NOT NULL,
    asked_model text NOT NULL,
    sent_model text NOT NULL,
    virtual_key_id text,
    team_id text,
    business_unit_id text,
    customer_id text,
    user_id text,
    dimensions text,
    outcome text NOT NULL,
    cost bigint NOT NULL,
    estimated boolean NOT NULL,
    unpriced boolean NOT NULL,
    price_version text,
    usage_estimated boolean,
    input_tokens bigint,
    output_tokens bigint,
    cached_read_tokens bigint,
    cached_write_tokens bigint,
    reasoning_tokens bigint,
    audio_input_tokens bigint,
    image_input_tokens bigint,
    audio_output_tokens bigint,
    images bigint,
    video_microseconds bigint,
    compute_microseconds bigint,
    CONSTRAINT pk_ledger PRIMARY KEY (id)
);

CREATE TABLE objects (
    kind text NOT NULL,
    id text NOT NULL,
    json json NOT NULL,
    file_hash text,
    version integer NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT pk_objects PRIMARY KEY (kind, id)
);

CREATE TABLE releases (
    hold_id uuid NOT NULL,
    journal text NOT NULL,
    segment bigint NOT NULL,
    CONSTRAINT pk_releases PRIMARY KEY (hold_id)
);

CREATE TABLE sealing_keys (
    id text NOT NULL,
    derivation text NOT NULL,
    salt bytea NOT NULL,
    probe text NOT NULL,
    created_at bigint NOT NULL,
    retired_at bigint,
    CONSTRAINT pk_sealing_keys PRIMARY KEY (id)
);

CREATE INDEX ix_ledger_at ON ledger (at, id);

CREATE INDEX ix_ledger_business_unit ON ledger (business_unit_id, at, id) WHERE business_unit_id IS NOT NULL;

CREATE INDEX ix_ledger_customer ON ledger (customer_id, at, id) WHERE customer_id IS NOT NULL;

CREATE INDEX ix_ledger_provider ON ledger (provider, at, id);

CREATE INDEX ix_ledger_sent_model ON ledger (sent_model, at, id);

CREATE INDEX ix_ledger_team ON ledger (team_id, at, id) WHERE team_id IS NOT NULL;

CREATE INDEX ix_ledger_user ON ledger (user_id, at, id) WHERE user_id IS NOT NULL;

CREATE INDEX ix_ledger_virtual_key ON ledger (virtual_key_id, at, id) WHERE virtual_key_id IS NOT NULL;

CREATE INDEX ix_releases_journal ON releases (journal, segment);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261122200000_Initial', '10.0.15');
