using Microsoft.EntityFrameworkCore.Migrations;

namespace Bifrost.Storage.Migrations.Sqlite;

internal sealed partial class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "counters",
            columns: table => new
            {
                meter_id = table.Column<string>(type: "TEXT", nullable: false),
                period_start = table.Column<long>(type: "INTEGER", nullable: false),
                epoch = table.Column<int>(type: "INTEGER", nullable: false),
                used = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_counters", x => x.meter_id);
                table.CheckConstraint("ck_counters_used", "typeof(used) = 'integer'");
            }
        );

        migrationBuilder.CreateTable(
            name: "journals",
            columns: table => new
            {
                journal = table.Column<string>(type: "TEXT", nullable: false),
                segment = table.Column<long>(type: "INTEGER", nullable: false),
                position = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_journals", x => x.journal);
            }
        );

        migrationBuilder.CreateTable(
            name: "ledger",
            columns: table => new
            {
                id = table.Column<byte[]>(type: "BLOB", nullable: false),
                at = table.Column<long>(type: "INTEGER", nullable: false),
                settled_at = table.Column<long>(type: "INTEGER", nullable: false),
                request_id = table.Column<string>(type: "TEXT", nullable: false),
                operation = table.Column<string>(type: "TEXT", nullable: false),
                provider = table.Column<string>(type: "TEXT", nullable: false),
                provider_key = table.Column<string>(type: "TEXT", nullable: false),
                asked_model = table.Column<string>(type: "TEXT", nullable: false),
                sent_model = table.Column<string>(type: "TEXT", nullable: false),
                virtual_key_id = table.Column<string>(type: "TEXT", nullable: true),
                team_id = table.Column<string>(type: "TEXT", nullable: true),
                business_unit_id = table.Column<string>(type: "TEXT", nullable: true),
                customer_id = table.Column<string>(type: "TEXT", nullable: true),
                user_id = table.Column<string>(type: "TEXT", nullable: true),
                dimensions = table.Column<string>(type: "TEXT", nullable: true),
                outcome = table.Column<string>(type: "TEXT", nullable: false),
                cost = table.Column<long>(type: "INTEGER", nullable: false),
                estimated = table.Column<bool>(type: "INTEGER", nullable: false),
                unpriced = table.Column<bool>(type: "INTEGER", nullable: false),
                price_version = table.Column<string>(type: "TEXT", nullable: true),
                usage_estimated = table.Column<bool>(type: "INTEGER", nullable: true),
                input_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                output_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                cached_read_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                cached_write_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                reasoning_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                audio_input_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                image_input_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                audio_output_tokens = table.Column<long>(type: "INTEGER", nullable: true),
                images = table.Column<long>(type: "INTEGER", nullable: true),
                video_microseconds = table.Column<long>(type: "INTEGER", nullable: true),
                compute_microseconds = table.Column<long>(type: "INTEGER", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_ledger", x => x.id);
                table.CheckConstraint("ck_ledger_cost", "typeof(cost) = 'integer'");
            }
        );

        migrationBuilder.CreateTable(
            name: "objects",
            columns: table => new
            {
                kind = table.Column<string>(type: "TEXT", nullable: false),
                id = table.Column<string>(type: "TEXT", nullable: false),
                json = table.Column<string>(type: "TEXT", nullable: false),
                file_hash = table.Column<string>(type: "TEXT", nullable: true),
                version = table.Column<int>(type: "INTEGER", nullable: false),
                created_at = table.Column<long>(type: "INTEGER", nullable: false),
                updated_at = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_objects", x => new { x.kind, x.id });
                table.CheckConstraint("ck_objects_json", "json_valid(json)");
            }
        );

        migrationBuilder.CreateTable(
            name: "releases",
            columns: table => new
            {
                hold_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                journal = table.Column<string>(type: "TEXT", nullable: false),
                segment = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_releases", x => x.hold_id);
            }
        );

        migrationBuilder.CreateTable(
            name: "sealing_keys",
            columns: table => new
            {
                id = table.Column<string>(type: "TEXT", nullable: false),
                derivation = table.Column<string>(type: "TEXT", nullable: false),
                salt = table.Column<byte[]>(type: "BLOB", nullable: false),
                probe = table.Column<string>(type: "TEXT", nullable: false),
                created_at = table.Column<long>(type: "INTEGER", nullable: false),
                retired_at = table.Column<long>(type: "INTEGER", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_sealing_keys", x => x.id);
            }
        );

        migrationBuilder.CreateIndex(name: "ix_ledger_at", table: "ledger", columns: new[] { "at", "id" });

        migrationBuilder.CreateIndex(
            name: "ix_ledger_business_unit",
            table: "ledger",
            columns: new[] { "business_unit_id", "at", "id" },
            filter: "business_unit_id IS NOT NULL"
        );

        migrationBuilder.CreateIndex(
            name: "ix_ledger_customer",
            table: "ledger",
            columns: new[] { "customer_id", "at", "id" },
            filter: "customer_id IS NOT NULL"
        );

        migrationBuilder.CreateIndex(name: "ix_ledger_provider", table: "ledger", columns: new[] { "provider", "at", "id" });

        migrationBuilder.CreateIndex(name: "ix_ledger_sent_model", table: "ledger", columns: new[] { "sent_model", "at", "id" });

        migrationBuilder.CreateIndex(
            name: "ix_ledger_team",
            table: "ledger",
            columns: new[] { "team_id", "at", "id" },
            filter: "team_id IS NOT NULL"
        );

        migrationBuilder.CreateIndex(
            name: "ix_ledger_user",
            table: "ledger",
            columns: new[] { "user_id", "at", "id" },
            filter: "user_id IS NOT NULL"
        );

        migrationBuilder.CreateIndex(
            name: "ix_ledger_virtual_key",
            table: "ledger",
            columns: new[] { "virtual_key_id", "at", "id" },
            filter: "virtual_key_id IS NOT NULL"
        );

        migrationBuilder.CreateIndex(name: "ix_releases_journal", table: "releases", columns: new[] { "journal", "segment" });
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(name: "counters");

        migrationBuilder.DropTable(name: "journals");

        migrationBuilder.DropTable(name: "ledger");

        migrationBuilder.DropTable(name: "objects");

        migrationBuilder.DropTable(name: "releases");

        migrationBuilder.DropTable(name: "sealing_keys");
    }
}
