using System.Globalization;
using System.Text.Json;

namespace NbnsSim.Jobs.Archives;

/// <summary>A piece of a capture that is extracted: the shard with its run, and what it came to.</summary>
internal sealed record Piece(string ShardId, PieceFacts Facts);

/// <summary>How far an input is.</summary>
/// <param name="File">The input.</param>
/// <param name="Pieces">Its pieces that are extracted and known to follow each other, from its beginning on.</param>
/// <param name="Wanted">What is to be done yet.</param>
/// <param name="Sum">Its SHA-256; null as long as it is not known.</param>
/// <param name="Octets">How many octets of it were read; as it was listed where that was not counted.</param>
/// <param name="Failure">Why nothing behind the last piece was analysed; null where nothing failed.</param>
internal sealed record FileState(ManifestFile File, IReadOnlyList<Piece> Pieces, IReadOnlyList<Shard> Wanted, string? Sum, long Octets, string? Failure)
{
    /// <summary>Up to which octet it was analysed: its end, or where nothing behind can be read.</summary>
    public long AnalysedOctets => Pieces is [.., var last] ? last.Facts.End : 0;
}

/// <summary>
/// Which shards an archive has. Where a range's first record begins is guessed, so that all ranges can be extracted at once. It was right where the range before it ended there, with the same head; where
/// not, the range is wanted again with what is known then. So pieces that follow each other are those that one reader of the whole file would pass through, whatever was guessed.
/// </summary>
internal sealed class ArchivePlan(ArchiveSpec spec, IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyDictionary<string, string> failures)
{
    /// <summary>The shard that lists the inputs.</summary>
    public const string ListId = "list";

    private Dictionary<long, int>? _lengths;

    /// <summary>The inputs; null as long as they are not listed.</summary>
    public Manifest? Manifest { get; } = committed.TryGetValue(ListId, out var list) ? ArchiveJson.Read(list.Facts, ArchiveJson.Default.Manifest) : null;

    /// <summary>Why they could not be listed; null where nothing failed.</summary>
    public string? ListFailure => failures.GetValueOrDefault(ListId);

    /// <summary>All that is to be done now.</summary>
    public IReadOnlyList<Shard> Wanted() => Manifest is not null ? [.. Files().SelectMany(file => file.Wanted)]
        : ListFailure is null ? [ShardOf(ListId, new ShardData(ShardKind.List), 0)]
        : [];

    /// <summary>How far each input is, in their order.</summary>
    public IEnumerable<FileState> Files() => Manifest!.Files.Select((file, index) =>
        file.Problem is not null || file.Octets == 0 ? new FileState(file, [], [], null, 0, null)
        : file.CanSplit && spec.ShardOctets is { } octets ? Ranges(file, Id(index), octets)
        : Whole(file, Id(index)));

    private static string Id(int file) => string.Create(CultureInfo.InvariantCulture, $"f{file}");

    private static Shard ShardOf(string id, ShardData data, long weight) => new(id, JsonSerializer.Serialize(data, ArchiveJson.Default.ShardData), weight);

    private FileState Whole(ManifestFile file, string id)
    {
        if (failures.TryGetValue(id, out string? failure))
            return new FileState(file, [], [], null, 0, failure);
        if (TryGetFacts(id) is not { } facts)
            return new FileState(file, [], [ShardOf(id, new ShardData(ShardKind.Whole, file, 0, file.Octets, IsSummed: IsSummed(file)), file.Octets)], null, 0, null);
        return new FileState(file, [new Piece(id, facts)], [], facts.Sha256, IsSummed(file) ? facts.Octets : file.Octets, null);
    }

    private FileState Ranges(ManifestFile file, string id, long octets)
    {
        var pieces = new List<Piece>();
        var wanted = new List<Shard>();
        string? failure = null;
        var sum = TryGetFacts(id + "-sum");
        if (sum is null && IsSummed(file) && !failures.ContainsKey(id + "-sum"))
            wanted.Add(ShardOf(id + "-sum", new ShardData(ShardKind.Sum, file), 0));
        long begin = 0;
        byte[]? head = [];
        bool isKnown = true; // whether all before is
        for (long from = 0; from < file.Octets && failure is null && head is not null; from += octets)
        {
            if (isKnown && begin >= Math.Min(from + octets, file.Octets))
                continue; // a record goes over all of it
            string range = string.Create(CultureInfo.InvariantCulture, $"{id}-{from}");
            var data = new ShardData(ShardKind.Range, file, from, from + octets, from == 0 ? [] : null);
            var facts = TryGetFacts(range);
            if (isKnown && facts is not null && (facts.Begin != begin || !facts.Head.AsSpan().SequenceEqual(head)))
            {
                range = string.Create(CultureInfo.InvariantCulture, $"{range}-{begin}-{RunHash.Of(head):x16}");
                data = data with { From = begin, Head = head };
                facts = TryGetFacts(range);
            }

            if (facts is null && failures.TryGetValue(range, out failure))
                continue;
            if (facts is null)
                wanted.Add(ShardOf(range, data, octets));
            isKnown &= facts is not null;
            if (!isKnown)
                continue;
            pieces.Add(new Piece(range, facts!));
            (begin, head) = (facts!.End, facts.EndHead);
        }

        return new FileState(file, pieces, wanted, sum?.Sha256, IsSummed(file) || failure is not null ? sum?.Octets ?? 0 : file.Octets, failure);
    }

    /// <summary>Content is the same only where the length is.</summary>
    private bool IsSummed(ManifestFile file) => spec.SumsAll || (_lengths ??= Manifest!.Files.CountBy(one => one.Octets).ToDictionary())[file.Octets] > 1;

    private PieceFacts? TryGetFacts(string id) => committed.TryGetValue(id, out var shard) ? ArchiveJson.Read(shard.Facts, ArchiveJson.Default.PieceFacts) : null;
}
