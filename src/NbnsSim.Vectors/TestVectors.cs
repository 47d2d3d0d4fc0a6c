using System.Collections.Immutable;
using System.Text.Json;

namespace NbnsSim.Vectors;

/// <summary>The vectors. They are data about RFC 1001, RFC 1002 and MS-NBTE: nothing here reads or writes a packet.</summary>
public static class TestVectors
{
    private static readonly Lazy<ImmutableArray<PacketVector>> LazyPackets = new(() => ReadAll("packets", PacketVector.Read));
    private static readonly Lazy<ImmutableArray<ExchangeVector>> LazyExchanges = new(() => ReadAll("exchanges", ExchangeVector.Read));

    /// <summary>All packets, in the order of the file and of <c>nbns.pcap</c>.</summary>
    public static ImmutableArray<PacketVector> Packets => LazyPackets.Value;

    /// <summary>All exchanges, in the order of the file.</summary>
    public static ImmutableArray<ExchangeVector> Exchanges => LazyExchanges.Value;

    /// <summary>Opens one of the files: <c>packets.json</c>, <c>exchanges.json</c>, <c>nbns.pcap</c> or <c>nbns.ksy</c>.</summary>
    /// <param name="name">The file's name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream Open(string name) =>
        typeof(TestVectors).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException("There is no such file of vectors.", name);

    private static ImmutableArray<T> ReadAll<T>(string what, Func<JsonElement, T> read)
    {
        using var stream = Open($"{what}.json");
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.Clone().GetProperty(what).EnumerateArray().Select(read)];
    }
}
