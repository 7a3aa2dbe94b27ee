CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

CREATE TABLE "counters" (
    "meter_id" TEXT NOT NULL CONSTRAINT "pk_counters" PRIMARY KEY,
    "period_start" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "used" INTEGER NOT NULL,
    CONSTRAINT "ck_counters_used" CHECK (typeof(used) = 'integer')
);

CREATE TABLE "journals" (
    "journal" TEXT NOT NULL CONSTRAINT "pk_journals" PRIMARY KEY,
    "segment" INTEGER NOT NULL,
    "position" INTEGER NOT NULL
);

CREATE TABLE "ledger" (
    "id" BLOB NOT NULL CONSTRAINT "pk_ledger" PRIMARY KEY,
    "at" INTEGER NOT NULL,
    "settled_at" INTEGER NOT NULL,
    "request_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_key" TEXT NOT NULL,
    "asked_model" TEXT NOT NULL,
    "sent_model" TEXT NOT NULL,
    "virtual_key_id" TEXT NULL,
    "team_id" TEXT NULL,
    "business_unit_id" TEXT NULL,
    "customer_id" TEXT NULL,
    "user_id" TEXT NULL,
    "dimensions" TEXT NULL,
    "outcome" TEXT NOT NULL,
    "cost" INTEGER NOT NULL,
    "estimated" INTEGER NOT NULL,
    "unpriced" INTEGER NOT NULL,
    "price_version" TEXT NULL,
    "usage_estimated" INTEGER NULL,
    "input_tokens" INTEGER NULL,
    "output_tokens" INTEGER NULL,
    "cached_read_tokens" INTEGER NULL,
    "cached_write_tokens" INTEGER NULL,
    "reasoning_tokens" INTEGER NULL,
    "audio_input_tokens" INTEGER NULL,
    "image_input_tokens" INTEGER NULL,
    "audio_output_tokens" INTEGER NULL,
    "images" INTEGER NULL,
    "video_microseconds" INTEGER NULL,
    "compute_microseconds" INTEGER NULL,
    CONSTRAINT "ck_ledger_cost" CHECK (typeof(cost) = 'integer')
);

CREATE TABLE "objects" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "json" TEXT NOT NULL,
    "file_hash" TEXT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "pk_objects" PRIMARY KEY ("kind", "id"),
    CONSTRAINT "ck_objects_json" CHECK (json_valid(json))
);

CREATE TABLE "releases" (
    "hold_id" BLOB NOT NULL CONSTRAINT "pk_releases" PRIMARY KEY,
    "journal" TEXT NOT NULL,
    "segment" INTEGER NOT NULL
);

CREATE TABLE "sealing_keys" (
    "id" TEXT NOT NULL CONSTRAINT "pk_sealing_keys" PRIMARY KEY,
    "derivation" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "probe" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "retired_at" INTEGER NULL
);

CREATE INDEX "ix_ledger_at" ON "ledger" ("at", "id");

CREATE INDEX "ix_ledger_business_unit" ON "ledger" ("business_unit_id", "at", "id") WHERE business_unit_id IS NOT NULL;

CREATE INDEX "ix_ledger_customer" ON "ledger" ("customer_id", "at", "id") WHERE customer_id IS NOT NULL;

CREATE INDEX "ix_ledger_provider" ON "ledger" ("provider", "at", "id");

CREATE INDEX "ix_ledger_sent_model" ON "ledger" ("sent_model", "at", "id");

CREATE INDEX "ix_ledger_team" ON "ledger" ("team_id", "at", "id") WHERE team_id IS NOT NULL;

CREATE INDEX "ix_ledger_user" ON "ledger" ("user_id", "at", "id") WHERE user_id IS NOT NULL;

CREATE INDEX "ix_ledger_virtual_key" ON "ledger" ("virtual_key_id", "at", "id") WHERE virtual_key_id IS NOT NULL;

CREATE INDEX "ix_releases_journal" ON "releases" ("journal", "segment");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261122200000_Initial', '10.0.15');
