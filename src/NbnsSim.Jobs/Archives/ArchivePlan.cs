namespace NbnsSim.Jobs.Archives;

/// <summary>
/// Which shards an archive has. It is asked again and again while a job goes on, and goes on where it was: what it has seen to be done it does not look at again, so that a job of many shards costs in
/// proportion to them, however often it is asked.
/// </summary>
internal sealed class ArchivePlan(ArchiveSpec spec)
{
    /// <summary>The shard that lists the inputs.</summary>
    public const string ListId = "list";

    private FilePlan[] _files = [];
    private FilePlan[] _audits = [];
    private List<FilePlan> _open = [];

    /// <summary>The inputs; null as long as they are not listed.</summary>
    public Manifest? Manifest { get; private set; }

    /// <summary>All that is to be done now, of what is not yet.</summary>
    /// <param name="ledger">What is done: all that was at the last call, and more.</param>
    public IReadOnlyList<Shard> Next(ArchiveLedger ledger)
    {
        if (Manifest is null)
        {
            if (ledger.TryGetFacts(ListId) is not { } list)
                return ledger.FailureOf(ListId) is null ? [FilePlan.ShardOf(ListId, new ShardData(ShardKind.List), 0)] : [];
            List(ArchiveJson.Read(list, ArchiveJson.Default.Manifest));
        }

        var wanted = new List<Shard>();
        var open = new List<FilePlan>();
        foreach (var file in _open)
        {
            if (!file.Advance(ledger, wanted))
                open.Add(file);
        }

        _open = open;
        return wanted;
    }

    /// <summary>How far each input is, in their order.</summary>
    /// <param name="ledger">What is done.</param>
    public IEnumerable<FileState> Files(ArchiveLedger ledger) => _files.Select(file => file.StateOf(ledger));

    /// <summary>How far what an audit goes by is of each input, in their order; nothing without an audit.</summary>
    /// <param name="ledger">What is done.</param>
    public IEnumerable<FileState> Audits(ArchiveLedger ledger) => _audits.Select(file => file.StateOf(ledger));

    private void List(Manifest manifest)
    {
        Manifest = manifest;
        var lengths = spec.SumsAll ? null : manifest.Files.CountBy(one => one.Octets).ToDictionary();
        _files = [.. manifest.Files.Select((file, index) => new FilePlan(file, index, file.CanSplit ? spec.ShardOctets : null, lengths is null || lengths[file.Octets] > 1, isShared: spec.Runs is not null))]; // content is the same only where the length is
        if (spec.Audit)
            _audits = [.. manifest.Files.Select((file, index) => new FilePlan(file, index, file.CanSplit ? spec.ShardOctets : null, isSummed: false, isAudited: true, isShared: spec.Runs is not null))];
        _open = [.. _files, .. _audits];
    }
}
