DROP TABLE "counters";

DROP TABLE "journals";

DROP TABLE "ledger";

DROP TABLE "objects";

DROP TABLE "releases";

DROP TABLE "sealing_keys";

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261122200000_Initial';
