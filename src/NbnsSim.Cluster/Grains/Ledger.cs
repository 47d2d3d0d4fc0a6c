using System.Collections.Concurrent;
using NbnsSim.Cluster.Contract;
using NbnsSim.Jobs;
using Orleans.Storage;

namespace NbnsSim.Cluster.Grains;

/// <summary>A job's ledger in memory and in the grain storage. What is in memory is in the storage: an entry counts when it is written, never before.</summary>
/// <remarks>After a write that failed nobody knows what the storage holds: the ledger is of no more use, and whoever owns it has to begin anew by reading.</remarks>
internal sealed class Ledger(IGrainStorage storage, GrainId job)
{
    // a page is written as a whole for each entry: large enough that a job has few, small enough that writing one costs little more than the way to the storage
    private const int PageCharacters = 32 << 10;

    private readonly List<GrainState<LedgerPage>> _pages = [];
    private readonly ConcurrentDictionary<string, CommittedShard> _committed = new(StringComparer.Ordinal); // others read it while this one counts
    private readonly SortedDictionary<string, FailedShard> _failed = new(StringComparer.Ordinal);
    private Task _writing = Task.CompletedTask;
    private int _lastCharacters;

    internal IReadOnlyDictionary<string, CommittedShard> Committed => _committed;

    internal IReadOnlyCollection<FailedShard> Failed => _failed.Values;

    /// <summary>The job's specification; null where there is no such job yet.</summary>
    internal string? Spec => _pages.Count > 0 ? _pages[0].State!.Spec : null;

    internal string Folder => _pages[0].State!.Folder;

    internal bool IsSealed { get; private set; }

    internal string? Summary { get; private set; }

    internal long WeightCommitted { get; private set; }

    internal long WeightFailed { get; private set; }

    internal bool IsCounted(string shard) => _committed.ContainsKey(shard) || _failed.ContainsKey(shard);

    internal LedgerPage? Page(int number) => number >= 0 && number < _pages.Count ? _pages[number].State : null;

    internal async Task ReadAsync()
    {
        while (true)
        {
            var page = new GrainState<LedgerPage>();
            await storage.ReadStateAsync(Name(_pages.Count), job, page);
            if (!page.RecordExists)
                return;
            _pages.Add(page);
            _lastCharacters = 0;
            foreach (var entry in page.State!.Entries)
                Count(entry);
        }
    }

    /// <summary>Says what the job is and where its folder lies now.</summary>
    internal Task HeadAsync(string spec, string folder) => _writing = AfterAsync(_writing, () =>
        WriteAsync(0, new LedgerPage(spec, folder, _pages.Count > 0 ? _pages[0].State!.Entries : [])));

    /// <summary>Settles something, unless it is settled already.</summary>
    internal Task AppendAsync(LedgerEntry entry) => _writing = AfterAsync(_writing, () => IsSettled(entry) ? Task.CompletedTask : AddAsync(entry));

    private static string Name(int page) => page == 0 ? "ledger" : $"ledger-{page}";

    private static async Task AfterAsync(Task before, Func<Task> write)
    {
        await before;
        await write();
    }

    private bool IsSettled(LedgerEntry entry) => entry.Kind switch
    {
        LedgerKind.Combined => Summary != null || !IsSealed,
        LedgerKind.Sealed => IsSealed,
        LedgerKind.Reopened => Summary == null,
        _ => IsSealed || IsCounted(entry.Id),
    };

    private async Task AddAsync(LedgerEntry entry)
    {
        int last = _pages.Count - 1;
        if (_lastCharacters < PageCharacters)
        {
            await WriteAsync(last, _pages[last].State! with { Entries = [.. _pages[last].State!.Entries, entry] });
        }
        else
        {
            await WriteAsync(last + 1, new LedgerPage("", "", [entry]));
            _lastCharacters = 0;
        }

        Count(entry);
    }

    private async Task WriteAsync(int number, LedgerPage page)
    {
        var state = new GrainState<LedgerPage>(page, number < _pages.Count ? _pages[number].ETag : null) { RecordExists = number < _pages.Count };
        await storage.WriteStateAsync(Name(number), job, state);
        if (number < _pages.Count)
            _pages[number] = state;
        else
            _pages.Add(state);
    }

    private void Count(LedgerEntry entry)
    {
        _lastCharacters += entry.Id.Length + entry.Text.Length;
        switch (entry.Kind)
        {
            case LedgerKind.Committed:
                _committed.TryAdd(entry.Id, new CommittedShard(entry.Id, entry.Text, entry.Weight));
                WeightCommitted += entry.Weight;
                break;
            case LedgerKind.Failed:
                _failed.Add(entry.Id, new FailedShard(entry.Id, entry.Text, entry.Attempts, entry.Weight));
                WeightFailed += entry.Weight;
                break;
            case LedgerKind.Sealed:
                IsSealed = true;
                break;
            case LedgerKind.Combined:
                Summary = entry.Text;
                break;
            case LedgerKind.Reopened:
                (IsSealed, Summary, WeightFailed) = (false, null, 0);
                _failed.Clear();
                break;
        }
    }
}
