namespace Bifrost.Governance.Ledger;

/// <summary>Walks from record to record and past what is damaged.</summary>
internal static class RecordScan
{
    /// <summary>The next whole record at or after <paramref name="at"/>, which is moved behind it; false when there is none.</summary>
    /// <param name="data">Bytes of the file.</param>
    /// <param name="segment">Number of the file.</param>
    /// <param name="origin">Where in the file <paramref name="data"/> begins.</param>
    /// <param name="at">Where in <paramref name="data"/> to look.</param>
    /// <param name="payload">What was found.</param>
    /// <param name="damaged">Bytes stepped over that were not zero and no record.</param>
    public static bool Next(ReadOnlySpan<byte> data, long segment, int origin, ref int at, out ReadOnlySpan<byte> payload, out bool damaged)
    {
        damaged = false;
        for (var probe = at; ; probe++)
        {
            if (RecordFrame.TryRead(data, probe, segment, origin + probe, out payload))
            {
                damaged |= probe > at;
                at = probe + RecordFrame.Overhead + payload.Length;
                return true;
            }

            // A record may begin with one zero (the low byte of its length), never with two.
            var next = data[Math.Min(probe + 1, data.Length)..].IndexOfAnyExcept((byte)0);
            if (next < 0)
            {
                damaged |= probe < data.Length && data[probe] != 0;
                return false;
            }

            damaged |= probe < data.Length && data[probe] != 0;
            probe += Math.Max(next - 1, 0);
        }
    }
}
