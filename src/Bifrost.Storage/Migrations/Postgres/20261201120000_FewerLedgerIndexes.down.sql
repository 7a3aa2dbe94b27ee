CREATE INDEX ix_ledger_business_unit ON ledger (business_unit_id, at, id) WHERE business_unit_id IS NOT NULL;

CREATE INDEX ix_ledger_customer ON ledger (customer_id, at, id) WHERE customer_id IS NOT NULL;

CREATE INDEX ix_ledger_provider ON ledger (provider, at, id);

CREATE INDEX ix_ledger_sent_model ON ledger (sent_model, at, id);

CREATE INDEX ix_ledger_team ON ledger (team_id, at, id) WHERE team_id IS NOT NULL;

CREATE INDEX ix_ledger_user ON ledger (user_id, at, id) WHERE user_id IS NOT NULL;

CREATE INDEX ix_ledger_virtual_key ON ledger (virtual_key_id, at, id) WHERE virtual_key_id IS NOT NULL;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261201120000_FewerLedgerIndexes';
