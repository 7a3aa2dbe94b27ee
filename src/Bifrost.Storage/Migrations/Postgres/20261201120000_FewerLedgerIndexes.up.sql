DROP INDEX ix_ledger_business_unit;

DROP INDEX ix_ledger_customer;

DROP INDEX ix_ledger_provider;

DROP INDEX ix_ledger_sent_model;

DROP INDEX ix_ledger_team;

DROP INDEX ix_ledger_user;

DROP INDEX ix_ledger_virtual_key;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261201120000_FewerLedgerIndexes', '10.0.15');
