using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace Bifrost.Storage.Schema;

internal sealed class PostgresStoreContext(DbContextOptions<PostgresStoreContext> options) : StoreContext(options)
{
    public static PostgresStoreContext For(DbDataSource source) =>
        new(new DbContextOptionsBuilder<PostgresStoreContext>().UseNpgsql(source).Options);

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);

        // Not jsonb: a document comes back byte for byte as it was written.
        model.Entity<ObjectRow>().Property(row => row.Json).HasColumnType("json");
    }
}

/// <summary>For the tool that writes migrations.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresStoreContext>
{
    public PostgresStoreContext CreateDbContext(string[] args) => PostgresStoreContext.For(NpgsqlDataSource.Create("Host=localhost"));
}
