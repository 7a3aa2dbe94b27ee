using Microsoft.EntityFrameworkCore;

namespace Bifrost.Storage.Schema;

/// <summary>The one truth about the tables. Each database has its own migrations, made from this.</summary>
internal abstract class StoreContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<LedgerRow> Ledger => Set<LedgerRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<ObjectRow>(table =>
        {
            table.ToTable("objects");
            table.HasKey(row => new { row.Kind, row.Id });
        });
        model.Entity<CounterRow>(table =>
        {
            table.ToTable("counters");
            table.HasKey(row => row.MeterId);
        });
        model.Entity<JournalRow>(table =>
        {
            table.ToTable("journals");
            table.HasKey(row => row.Journal);
        });
        model.Entity<ReleaseRow>(table =>
        {
            table.ToTable("releases");
            table.HasKey(row => row.HoldId);
            table.HasIndex(row => new { row.Journal, row.Segment }).HasDatabaseName("ix_releases_journal");
        });
        model.Entity<SealingKeyRow>(table =>
        {
            table.ToTable("sealing_keys");
            table.HasKey(row => row.Id);
        });
        model.Entity<LedgerRow>(table =>
        {
            table.ToTable("ledger");
            table.HasKey(row => row.Id);

            // The only one: each more would cost every call as much as its line. LedgerStore looks for owners along it.
            table.HasIndex(row => new { row.At, row.Id }).HasDatabaseName("ix_ledger_at");
        });

        foreach (var table in model.Model.GetEntityTypes())
        {
            table.FindPrimaryKey()!.SetName($"pk_{table.GetTableName()}");
            foreach (var column in table.GetProperties())
            {
                column.SetColumnName(SnakeCase(column.Name));
            }
        }
    }

    /// <summary><c>VirtualKeyId</c> becomes <c>virtual_key_id</c>.</summary>
    private static string SnakeCase(string name) =>
        string.Concat(
            name.Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}")
        );
}
