using System.Diagnostics.Metrics;
using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <summary>
/// What a host counts. Its thread adds one to a number; the <see cref="Meter"/> reads the numbers when somebody listens, so that a datagram
/// costs neither a tag nor an allocation.
/// </summary>
internal sealed class HostCounters : IDisposable
{
    private static readonly string[] OpcodeNames = MakeOpcodeNames();
    private static readonly string[] RcodeNames = [.. Enumerable.Range(0, 16).Select(code => ((NbnsRcode)code).Symbol())];
    private static readonly string[] ReasonNames = [.. Enum.GetValues<NbnsDropReason>().Select(reason => SnakeCase(reason.ToString()))];
    private static readonly string[] ErrorNames = [.. Enum.GetValues<NbnsParseErrorKind>().Select(error => SnakeCase(error.ToString()))];

    private readonly long[] _received = new long[Cells];
    private readonly long[] _sent = new long[Cells];
    private readonly long[] _drops = new long[ReasonNames.Length];
    private readonly long[] _parseErrors = new long[ErrorNames.Length];
    private readonly Meter _meter;
    private volatile bool _disposed;

    /// <summary>R, OPCODE and RCODE of a header: one cell for each.</summary>
    private const int Cells = 2 * 16 * 16;

    public HostCounters(IMeterFactory? factory, string host)
    {
        var tags = new KeyValuePair<string, object?>[] { new("nbns.host", host) };
        _meter = factory?.Create(new MeterOptions(NbnsUdpHost.MeterName) { Tags = tags }) ?? new Meter(NbnsUdpHost.MeterName, null, tags);
        _meter.CreateObservableCounter("nbns.requests", () => Requests(), "{datagram}", "Requests and demands, received and sent, by opcode.");
        _meter.CreateObservableCounter("nbns.replies", () => Replies(), "{datagram}", "Responses, received and sent, by opcode and rcode.");
        _meter.CreateObservableCounter("nbns.drops", () => Named(_drops, ReasonNames, "reason"), "{datagram}", "Datagrams that were let go, by reason.");
        _meter.CreateObservableCounter("nbns.parse_errors", () => Named(_parseErrors, ErrorNames, "error"), "{datagram}", "Datagrams that cannot be read, by what is wrong with them.");
    }

    public void Received(NbnsFlags flags) => _received[Cell(flags)]++;

    public void Sent(NbnsFlags flags) => _sent[Cell(flags)]++;

    public void Dropped(NbnsDropReason reason, int count = 1) => _drops[(int)reason] += count;

    public void Unreadable(NbnsParseErrorKind error) => _parseErrors[(int)error]++;

    public NbnsHostStatistics Snapshot() => new()
    {
        RequestsReceived = Sum(_received, response: false),
        ResponsesReceived = Sum(_received, response: true),
        RequestsSent = Sum(_sent, response: false),
        ResponsesSent = Sum(_sent, response: true),
        ParseErrors = _parseErrors.Sum(),
        Drops = [.. _drops],
    };

    /// <summary>Ends the counters. A factory's meter lives on with the factory, and calls on: from here on they have nothing to say.</summary>
    public void Dispose()
    {
        _disposed = true;
        _meter.Dispose();
    }

    private static int Cell(NbnsFlags flags) => ((flags.Value >> 7) & 0x1F0) | (flags.Value & 0xF); // R and OPCODE are the top five bits

    private static long Sum(long[] cells, bool response) => cells.AsSpan(response ? Cells / 2 : 0, Cells / 2).ToArray().Sum();

    private IEnumerable<Measurement<long>> Requests()
    {
        if (_disposed)
            yield break;
        foreach (var (cells, direction) in new[] { (_received, "received"), (_sent, "sent") })
        {
            for (int opcode = 0; opcode < 16; opcode++)
            {
                long count = cells.AsSpan(opcode << 4, 16).ToArray().Sum();
                if (count != 0)
                    yield return new Measurement<long>(count, new("direction", direction), new("opcode", OpcodeNames[opcode]));
            }
        }
    }

    private IEnumerable<Measurement<long>> Replies()
    {
        if (_disposed)
            yield break;
        foreach (var (cells, direction) in new[] { (_received, "received"), (_sent, "sent") })
        {
            for (int i = 0; i < 256; i++)
            {
                long count = cells[256 | i];
                if (count != 0)
                    yield return new Measurement<long>(count, new("direction", direction), new("opcode", OpcodeNames[i >> 4]), new("rcode", RcodeNames[i & 0xF]));
            }
        }
    }

    private IEnumerable<Measurement<long>> Named(long[] counts, string[] names, string tag)
    {
        if (_disposed)
            yield break;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
                yield return new Measurement<long>(counts[i], new KeyValuePair<string, object?>(tag, names[i]));
        }
    }

    private static string[] MakeOpcodeNames()
    {
        var names = new string[16];
        for (int i = 0; i < 16; i++)
            names[i] = Enum.IsDefined((NbnsOpcode)i) ? SnakeCase(((NbnsOpcode)i).ToString()) : $"opcode_{i}";
        return names;
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
}
