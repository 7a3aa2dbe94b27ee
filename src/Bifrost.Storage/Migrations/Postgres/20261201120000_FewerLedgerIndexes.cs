using Microsoft.EntityFrameworkCore.Migrations;

namespace Bifrost.Storage.Migrations.Postgres;

internal sealed partial class FewerLedgerIndexes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(name: "ix_ledger_business_unit", table: "ledger");
        migrationBuilder.DropIndex(name: "ix_ledger_customer", table: "ledger");
        migrationBuilder.DropIndex(name: "ix_ledger_provider", table: "ledger");
        migrationBuilder.DropIndex(name: "ix_ledger_sent_model", table: "ledger");
        migrationBuilder.DropIndex(name: "ix_ledger_team", table: "ledger");
        migrationBuilder.DropIndex(name: "ix_ledger_user", table: "ledger");
        migrationBuilder.DropIndex(name: "ix_ledger_virtual_key", table: "ledger");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateIndex(
            name: "ix_ledger_business_unit",
            table: "ledger",
            columns: ["business_unit_id", "at", "id"],
            filter: "business_unit_id IS NOT NULL"
        );
        migrationBuilder.CreateIndex(
            name: "ix_ledger_customer",
            table: "ledger",
            columns: ["customer_id", "at", "id"],
            filter: "customer_id IS NOT NULL"
        );
        migrationBuilder.CreateIndex(name: "ix_ledger_provider", table: "ledger", columns: ["provider", "at", "id"]);
        migrationBuilder.CreateIndex(name: "ix_ledger_sent_model", table: "ledger", columns: ["sent_model", "at", "id"]);
        migrationBuilder.CreateIndex(
            name: "ix_ledger_team",
            table: "ledger",
            columns: ["team_id", "at", "id"],
            filter: "team_id IS NOT NULL"
        );
        migrationBuilder.CreateIndex(
            name: "ix_ledger_user",
            table: "ledger",
            columns: ["user_id", "at", "id"],
            filter: "user_id IS NOT NULL"
        );
        migrationBuilder.CreateIndex(
            name: "ix_ledger_virtual_key",
            table: "ledger",
            columns: ["virtual_key_id", "at", "id"],
            filter: "virtual_key_id IS NOT NULL"
        );
    }
}
