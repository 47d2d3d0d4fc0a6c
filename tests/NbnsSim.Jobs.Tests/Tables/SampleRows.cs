using NbnsSim.Jobs.Tables;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>Rows of all kinds, the same for the same seed.</summary>
internal static class SampleRows
{
    private static readonly string[] Texts = ["", "A", "ALPHA", "NULL", "a'b\"c,d;e", "<00><1b>", "caf\u00e9", "\uff21\uff22", "\U0001f600", "\u001b[2J\r\n\u202e", NbnsSim.Tests.Poison.Text];

    private static readonly Instant[] Times = [Instant.MinValue, new(-1_500_000), new(-1), default, new(1), new(999_999), Instant.FromUnixTime(1_360_546_153, 991_301_234), Instant.MaxValue];

    public static IEnumerable<DatagramRow> Datagrams(int count, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        for (int i = 0; i < count; i++)
        {
            yield return new DatagramRow
            {
                Number = i + 1,
                Time = i < Times.Length ? Times[i] : Instant.FromUnixTime(1_700_000_000 + i, random.Next(1_000_000_000)),
                Captured = i % 3 == 0 ? null : 1_700_000_000_000_000_000 - (i * 977L),
                Capture = (int)random.Next(int.MaxValue),
                Frame = long.MaxValue - i,
                Source = $"10.0.{random.Next(4)}.{random.Next(200)}",
                SourcePort = (ushort)random.Next(65_536),
                Destination = Any(Texts),
                DestinationPort = (ushort)random.Next(65_536),
                SourceMac = Maybe() ? "02-00-00-00-00-01" : null,
                IsBroadcast = Maybe(),
                Kind = Maybe() ? (NbnsMessageKind)random.Next(22) : null,
                Problem = Maybe() ? Any(Texts) : null,
                Flags = Maybe() ? new NbnsFlags((ushort)random.Next(65_536)) : null,
                TransactionId = Maybe() ? (ushort)random.Next(65_536) : null,
                Name = Maybe() ? Any(Texts) + random.Next(50) : null,
                Suffix = Maybe() ? (byte)random.Next(256) : null,
                Scope = Maybe() ? Any(Texts) : null,
                Entries = (ushort)random.Next(65_536),
                EntryAddress = Maybe() ? "255.255.255.255" : null,
                EntryFlags = Maybe() ? new NbFlags((ushort)random.Next(65_536)) : null,
                TimeToLive = Maybe() ? (Maybe() ? uint.MaxValue : (uint)random.Next(1000)) : null,
                PayloadLength = (int)random.Next(65_536),
                PayloadHash = random.NextUInt64(),
            };
        }

        bool Maybe() => random.Next(2) == 0;
        string Any(string[] texts) => texts[random.Next((uint)texts.Length)];
    }

    /// <summary>What a reader must see of a row.</summary>
    public static object?[] Expected(in DatagramRow row) =>
    [
        row.Number, Milliseconds(row.Time), row.Time.Nanoseconds, row.Captured, row.Capture, row.Frame, row.Source, row.SourcePort, Visible(row.Destination), row.DestinationPort, row.SourceMac, row.IsBroadcast,
        row.Kind?.Title(), Visible(row.Problem), row.Flags?.Value, (byte?)row.Flags?.Opcode, row.Flags?.IsResponse, (byte?)row.Flags?.Rcode, row.TransactionId, Visible(row.Name), row.Suffix,
        Visible(row.Scope), row.Entries, row.EntryAddress, row.EntryFlags?.IsGroup, row.EntryFlags?.OwnerNodeType.ToString(), row.TimeToLive, row.PayloadLength, row.PayloadHash,
    ];

    public static DateTime Milliseconds(Instant time) => DateTime.UnixEpoch.AddMilliseconds((long)Math.Floor(time.Nanoseconds / 1_000_000m));

    public static string? Visible(string? text) => text is null ? null : VisibleText.Escape(text).Replace("\U0001f600", "\\U0001f600", StringComparison.Ordinal);
}
