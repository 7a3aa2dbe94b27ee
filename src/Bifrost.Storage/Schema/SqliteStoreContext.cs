using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Bifrost.Storage.Schema;

internal sealed class SqliteStoreContext(DbContextOptions<SqliteStoreContext> options) : StoreContext(options)
{
    public static SqliteStoreContext For(string connection) =>
        new(new DbContextOptionsBuilder<SqliteStoreContext>().UseSqlite(connection).Options);

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);

        // Sixteen bytes in the order that sorts; text would be more than twice as long, in the table and in its indexes.
        model.Entity<LedgerRow>().Property(row => row.Id).HasConversion(id => id.ToByteArray(true), bytes => new Guid(bytes, true));
        model.Entity<ReleaseRow>().Property(row => row.HoldId).HasConversion(id => id.ToByteArray(true), bytes => new Guid(bytes, true));

        // A sum too large for 64 bits would silently become a float here.
        model.Entity<LedgerRow>().ToTable(table => table.HasCheckConstraint("ck_ledger_cost", "typeof(cost) = 'integer'"));
        model.Entity<CounterRow>().ToTable(table => table.HasCheckConstraint("ck_counters_used", "typeof(used) = 'integer'"));
        model.Entity<ObjectRow>().ToTable(table => table.HasCheckConstraint("ck_objects_json", "json_valid(json)"));
    }
}

/// <summary>For the tool that writes migrations.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteStoreContext>
{
    public SqliteStoreContext CreateDbContext(string[] args) => SqliteStoreContext.For("Data Source=:memory:");
}
