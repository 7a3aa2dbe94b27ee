using System.Security.Cryptography;

namespace Bifrost.Simulator;

/// <summary>Output files by their public address. Files are drawn on the first fetch; the last few stay drawn.</summary>
internal sealed class DeliveryStore(Func<Uri> address)
{
    private const int KeptRecipes = 50_000;
    private const int KeptDrawn = 48;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Recipe> recipes = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private readonly Dictionary<string, Lazy<byte[]>> drawn = new(StringComparer.Ordinal);
    private readonly Queue<string> drawnOrder = new();

    public Uri Add(Recipe recipe)
    {
        var key = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 48);
        lock (gate)
        {
            recipes[key] = recipe;
            order.Enqueue(key);
            while (order.Count > KeptRecipes)
            {
                _ = recipes.Remove(order.Dequeue());
            }
        }

        return new Uri(address(), $"/delivery/{key}/{recipe.FileName}");
    }

    public (Recipe Recipe, byte[] Bytes)? Find(string key, string fileName)
    {
        Recipe? recipe;
        Lazy<byte[]>? bytes;
        lock (gate)
        {
            if (!recipes.TryGetValue(key, out recipe) || recipe.FileName != fileName)
            {
                return null;
            }

            if (!drawn.TryGetValue(key, out bytes))
            {
                bytes = new Lazy<byte[]>(recipe.Draw);
                drawn[key] = bytes;
                drawnOrder.Enqueue(key);
                while (drawnOrder.Count > KeptDrawn)
                {
                    _ = drawn.Remove(drawnOrder.Dequeue());
                }
            }
        }

        return (recipe, bytes.Value);
    }
}
