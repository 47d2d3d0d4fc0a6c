using System.Globalization;
using System.Text.Json;

namespace NbnsSim.Jobs.Archives;

/// <summary>A piece of a capture that is extracted: the shard with its run, and what it came to.</summary>
internal sealed record Piece(string ShardId, PieceFacts Facts)
{
    /// <summary>Where its run is.</summary>
    /// <param name="folderOf">The folder of a shard.</param>
    public string FolderIn(Func<string, string> folderOf) => Facts.Run ?? folderOf(ShardId);
}

/// <summary>How far an input is.</summary>
/// <param name="File">The input.</param>
/// <param name="Pieces">Its pieces that are extracted and known to follow each other, from its beginning on.</param>
/// <param name="Sum">Its SHA-256; null as long as it is not known.</param>
/// <param name="Octets">How many octets of it were read; as it was listed where that was not counted.</param>
/// <param name="Failure">Why nothing behind the last piece was analysed; null where nothing failed.</param>
internal sealed record FileState(ManifestFile File, IReadOnlyList<Piece> Pieces, string? Sum, long Octets, string? Failure)
{
    /// <summary>Up to which octet it was analysed: its end, or where nothing behind can be read.</summary>
    public long AnalysedOctets => Pieces is [.., var last] ? last.Facts.End : 0;
}

/// <summary>
/// Which shards an input has: itself, or ranges of it. Where a range's first record begins is guessed, so that all ranges can be extracted at once. It was right where the range before it ended there,
/// with the same head; where not, the range is wanted again with what is known then. So pieces that follow each other are those that one reader of the whole file would pass through, whatever was guessed.
/// </summary>
/// <param name="file">The input.</param>
/// <param name="index">Its number among the inputs, from 0.</param>
/// <param name="rangeOctets">How many octets a range has; null where the input is one shard.</param>
/// <param name="isSummed">Whether its SHA-256 is wanted.</param>
/// <param name="isAudited">Whether what an audit goes by is extracted, in shards of their own.</param>
/// <param name="isShared">Whether runs live beyond the job: then which there may be is known by the SHA-256.</param>
internal sealed class FilePlan(ManifestFile file, int index, long? rangeOctets, bool isSummed, bool isAudited = false, bool isShared = false)
{
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"{(isAudited ? 'a' : 'f')}{index}");
    private readonly List<string> _pieces = []; // the shards that are known to follow each other
    private long _from; // where the next range begins in the file
    private long _begin; // where a record is known to begin there, and what stands for all before it
    private byte[]? _head = [];
    private ShardData? _again; // the next range, where what was guessed of it was wrong
    private bool _isGuessed; // whether all ranges were wanted with what can be guessed of them
    private bool _isExtracted = file.Problem is not null || file.Octets == 0;
    private bool _isSummedUp = file.Problem is not null || file.Octets == 0 || (isAudited ? !isShared : rangeOctets is null || !(isSummed || isShared));
    private string? _failure;

    /// <summary>The shard that sums it up.</summary>
    public string SumId { get; } = string.Create(CultureInfo.InvariantCulture, $"f{index}-sum");

    /// <summary>The shard that tells its SHA-256 before it is extracted, if any does: of a whole file that is extracted twice, the first.</summary>
    private string FirstId => isAudited && rangeOctets is null ? string.Create(CultureInfo.InvariantCulture, $"f{index}") : SumId;

    /// <summary>Makes a shard.</summary>
    public static Shard ShardOf(string id, ShardData data, long weight) => new(id, JsonSerializer.Serialize(data, ArchiveJson.Default.ShardData), weight);

    /// <summary>Looks at what is done since the last call, and says what there is to do.</summary>
    /// <param name="ledger">What is done.</param>
    /// <param name="wanted">Takes the shards.</param>
    /// <returns>Whether nothing is to be done any more.</returns>
    public bool Advance(ArchiveLedger ledger, List<Shard> wanted)
    {
        if (!_isSummedUp && !(_isSummedUp = ledger.IsSettled(FirstId)) && !isAudited)
            wanted.Add(ShardOf(SumId, new ShardData(ShardKind.Sum, file), 0));
        if (!_isExtracted && (_isSummedUp || !isShared))
            _isExtracted = rangeOctets is { } octets ? AdvanceRanges(octets, ledger, wanted) : AdvanceWhole(ledger, wanted);
        return _isExtracted && _isSummedUp;
    }

    /// <summary>How far it is.</summary>
    /// <param name="ledger">What is done; as it was at the last <see cref="Advance"/>.</param>
    public FileState StateOf(ArchiveLedger ledger)
    {
        var pieces = _pieces.ConvertAll(id => new Piece(id, ledger.TryRead(id)!));
        var sum = !isSummed ? null : rangeOctets is not null ? ledger.TryRead(SumId) : pieces is [var whole] ? whole.Facts : null;
        return new FileState(file, pieces, sum?.Sha256, isSummed || _failure is not null ? sum?.Octets ?? 0 : file.Octets, _failure);
    }

    private bool AdvanceWhole(ArchiveLedger ledger, List<Shard> wanted)
    {
        if (ledger.TryGetFacts(_id) is not null)
            _pieces.Add(_id);
        else if ((_failure = ledger.FailureOf(_id)) is null)
            wanted.Add(ShardOf(_id, new ShardData(ShardKind.Whole, file, 0, file.Octets, IsSummed: isSummed || isShared, IsAudited: isAudited, Sha256: SharedSum(ledger)), file.Octets));
        return _pieces.Count > 0 || _failure is not null;
    }

    private bool AdvanceRanges(long octets, ArchiveLedger ledger, List<Shard> wanted)
    {
        for (; _from < file.Octets && _head is not null; _from += octets)
        {
            if (_begin >= Math.Min(_from + octets, file.Octets))
                continue; // a record goes over all of it
            var (id, data) = _again is { } again ? (IdOf(again), again) : GuessOf(_from, octets, ledger);
            var facts = ledger.TryRead(id);
            if (facts is not null && _again is null && (facts.Begin != _begin || !facts.Head.AsSpan().SequenceEqual(_head)))
            {
                _again = data = data with { From = _begin, Head = _head };
                id = IdOf(data);
                facts = ledger.TryRead(id);
            }

            if (facts is null && (_failure = ledger.FailureOf(id)) is not null)
                return true;
            if (facts is null)
            {
                wanted.Add(ShardOf(id, data, octets));
                Guess(octets, ledger, wanted);
                return false;
            }

            _pieces.Add(id);
            (_begin, _head, _again) = (facts.End, facts.EndHead, null);
        }

        return true;
    }

    /// <summary>Once, all ranges behind the next one are wanted, up to one that could not be done: nothing behind that counts.</summary>
    private void Guess(long octets, ArchiveLedger ledger, List<Shard> wanted)
    {
        for (long from = _from + octets; !_isGuessed && from < file.Octets; from += octets)
        {
            var (id, data) = GuessOf(from, octets, ledger);
            if (!ledger.IsSettled(id))
                wanted.Add(ShardOf(id, data, octets));
            else if (ledger.FailureOf(id) is not null)
                break;
        }

        _isGuessed = true;
    }

    private (string Id, ShardData Data) GuessOf(long from, long octets, ArchiveLedger ledger) =>
        (string.Create(CultureInfo.InvariantCulture, $"{_id}-{from}"), new ShardData(ShardKind.Range, file, from, from + octets, from == 0 ? [] : null, IsAudited: isAudited, Sha256: SharedSum(ledger)));

    /// <summary>What its runs are known by beyond the job; null where that is not known, or it had not all its octets any more.</summary>
    private string? SharedSum(ArchiveLedger ledger) => isShared && ledger.TryRead(FirstId) is { } sum && sum.Octets == file.Octets ? sum.Sha256 : null;

    private string IdOf(ShardData again) => string.Create(CultureInfo.InvariantCulture, $"{_id}-{_from}-{again.From}-{RunHash.Of(again.Head):x16}");
}
