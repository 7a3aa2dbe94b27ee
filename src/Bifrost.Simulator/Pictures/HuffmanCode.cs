namespace Bifrost.Simulator;

/// <summary>A canonical Huffman code of at most 15 bits, made from how often each symbol occurs.</summary>
internal sealed class HuffmanCode
{
    private const int Longest = 15;

    private HuffmanCode(int[] lengths, int? only)
    {
        Only = only;
        Lengths = lengths;
        Codes = Assign(lengths);
    }

    /// <summary>The symbol when just one occurs; its code then has no bits.</summary>
    public int? Only { get; }

    /// <summary>Bits of each symbol; 0 when it does not occur.</summary>
    public int[] Lengths { get; }

    /// <summary>The code of each symbol with its first bit lowest.</summary>
    public uint[] Codes { get; }

    public static HuffmanCode From(int[] counts)
    {
        var weights = (int[])counts.Clone();
        while (true)
        {
            var lengths = Measure(weights);
            if (lengths.Max() <= Longest)
            {
                var used = lengths.Any(length => length > 0);
                return new HuffmanCode(lengths, used ? null : Math.Max(0, Array.FindIndex(counts, count => count > 0)));
            }

            // Flatter weights give a flatter tree.
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = weights[i] == 0 ? 0 : Math.Max(1, weights[i] / 2);
            }
        }
    }

    private static int[] Measure(int[] weights)
    {
        var queue = new PriorityQueue<Node, long>();
        for (var symbol = 0; symbol < weights.Length; symbol++)
        {
            if (weights[symbol] > 0)
            {
                queue.Enqueue(new Node(symbol, null, null), weights[symbol]);
            }
        }

        while (queue.Count > 1)
        {
            _ = queue.TryDequeue(out var left, out var leftWeight);
            _ = queue.TryDequeue(out var right, out var rightWeight);
            queue.Enqueue(new Node(-1, left, right), leftWeight + rightWeight);
        }

        var lengths = new int[weights.Length];
        if (queue.Count == 1)
        {
            Walk(queue.Dequeue(), 0, lengths);
        }

        return lengths;
    }

    private static void Walk(Node node, int depth, int[] lengths)
    {
        if (node.Left is null || node.Right is null)
        {
            lengths[node.Symbol] = depth;
            return;
        }

        Walk(node.Left, depth + 1, lengths);
        Walk(node.Right, depth + 1, lengths);
    }

    private static uint[] Assign(int[] lengths)
    {
        var codes = new uint[lengths.Length];
        uint code = 0;
        for (var length = 1; length <= Longest; length++)
        {
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    codes[symbol] = Reverse(code++, length);
                }
            }

            code <<= 1;
        }

        return codes;
    }

    private static uint Reverse(uint code, int length)
    {
        uint reversed = 0;
        for (var bit = 0; bit < length; bit++)
        {
            reversed |= ((code >> bit) & 1) << (length - 1 - bit);
        }

        return reversed;
    }

    private sealed record Node(int Symbol, Node? Left, Node? Right);
}
