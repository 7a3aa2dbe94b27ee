using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Sealing;

/// <summary>Puts every sealed value within the documents under the current key. All of them or none.</summary>
internal sealed class ReSeal(Database database, SecretBox box)
{
    private const string Sealed = "SELECT kind, id, json, file_hash FROM objects WHERE CAST(json AS text) LIKE '%sealed:%'";

    /// <returns>Documents changed.</returns>
    public async Task<int> RunAsync(Session session, long now)
    {
        var changed = new List<StoredObject>();
        foreach (var thing in await session.QueryAsync(Sealed, ObjectSql.Read))
        {
            if (Again(thing) is { } anew)
            {
                changed.Add(anew);
            }
        }

        await database.PutObjectsAsync(session, changed, now);
        return changed.Count;
    }

    /// <summary>The document with other sealed values and every other byte as it was, or null when there is nothing to do.</summary>
    private StoredObject? Again(StoredObject thing)
    {
        var json = thing.Json.Span;
        var written = new ArrayBufferWriter<byte>(json.Length);
        var copied = 0;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { } text || !IsOld(text))
            {
                continue;
            }

            var begin = (int)reader.TokenStartIndex;
            written.Write(json[copied..begin]);
            written.Write(Encoding.ASCII.GetBytes($"\"{box.Seal(Opened(thing, text))}\""));
            copied = (int)reader.BytesConsumed;
        }

        if (copied == 0)
        {
            return null;
        }

        written.Write(json[copied..]);
        return thing with { Json = written.WrittenMemory };
    }

    private bool IsOld(string text) => SealedText.TryKeyId(text, out var id) && id != box.Current;

    private string Opened(StoredObject thing, string text)
    {
        try
        {
            return box.Open(text);
        }
        catch (System.Security.Cryptography.CryptographicException problem)
        {
            throw new StoreOpenException($"A secret of {thing.Kind} {thing.Id} cannot be sealed anew: {problem.Message}", problem);
        }
    }
}
