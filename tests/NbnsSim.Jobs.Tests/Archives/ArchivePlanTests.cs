using System.Collections;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>How often a plan looks at what is done: each time at what is new alone, however many shards there are and however often it is asked.</summary>
public sealed class ArchivePlanTests
{
    private const int Octets = 1_000;

    [Test]
    public void ManyFilesAreLookedAtAFewTimesEach()
    {
        const int Files = 2_000;
        var ledger = Listed(Files, Octets);
        var (rounds, most) = Do(new ArchiveSpec(["x"]), ledger, (_, _) => new PieceFacts { End = Octets });
        Assert.That((rounds, ledger.Count), Is.EqualTo((1, 1 + Files)));
        Assert.That(most, Is.LessThan(3 * Files));
        Assert.That(ledger.Looks, Is.LessThan(5 * Files));
    }

    /// <summary>The worst there is: every guess of where a range begins is wrong, and each is seen only when the one before it is put right.</summary>
    [Test]
    public void ARangeThatIsPutRightCostsNoLookAtTheOthers()
    {
        const int Ranges = 3_000;
        var ledger = Listed(1, Ranges * Octets);
        var (rounds, _) = Do(new ArchiveSpec(["x"]) { ShardOctets = Octets }, ledger, (id, data) => id.EndsWith("-sum", StringComparison.Ordinal)
            ? new PieceFacts { Sha256 = "00", Octets = Ranges * Octets }
            : new PieceFacts { Begin = data.Head is null ? data.From + 7 : data.From, Head = data.Head ?? [1], End = data.To + 3, EndHead = [] });
        Assert.That((rounds, ledger.Count), Is.EqualTo((Ranges, 2 * Ranges + 1)), "each range but the first twice, with the list and the sum");
        Assert.That(ledger.Looks, Is.LessThan(10 * Ranges));
    }

    [Test]
    public void AJobThatIsOpenedAgainIsPlannedAnew()
    {
        var ledger = Listed(2, Octets);
        var work = new ArchiveSpec(["x"]).CreateWork();
        Assert.That(work.Next(ledger, []).Select(shard => shard.Id), Is.EqualTo(new[] { "f0", "f1" }));
        Assert.That(work.Next(ledger, ["f0", "f1"]), Is.Empty);
        Assert.That(work.Next(ledger, []).Select(shard => shard.Id), Is.EqualTo(new[] { "f0", "f1" }), "what failed is tried again");
    }

    private static CountingLedger Listed(int files, int octets)
    {
        var ledger = new CountingLedger();
        var manifest = new Manifest([.. Enumerable.Range(0, files).Select(i => new ManifestFile(string.Create(CultureInfo.InvariantCulture, $"{i}.pcap"), octets, 0, CanSplit: true, null))]);
        ledger.Add("list", JsonSerializer.Serialize(manifest, ArchiveJson.Default.Manifest));
        return ledger;
    }

    /// <summary>Does what is wanted, until nothing is; returns how often something was, and how many looks the call with the most took.</summary>
    private static (int Rounds, int Most) Do(ArchiveSpec spec, CountingLedger ledger, Func<string, ShardData, PieceFacts> facts)
    {
        var work = spec.CreateWork();
        int rounds = 0, most = 0;
        while (true)
        {
            int before = ledger.Looks;
            var wanted = work.Next(ledger, []);
            most = Math.Max(most, ledger.Looks - before);
            if (wanted.Count == 0)
                return (rounds, most);
            rounds++;
            foreach (var shard in wanted)
                ledger.Add(shard.Id, JsonSerializer.Serialize(facts(shard.Id, ArchiveJson.Read(shard.Data, ArchiveJson.Default.ShardData)), ArchiveJson.Default.PieceFacts));
        }
    }

    /// <summary>Counts how often a shard is looked up: facts cannot be read without it. To go through all of them is forbidden.</summary>
    private sealed class CountingLedger : IReadOnlyDictionary<string, CommittedShard>
    {
        private readonly Dictionary<string, CommittedShard> _shards = new(StringComparer.Ordinal);

        public int Looks { get; private set; }

        public int Count => _shards.Count;

        public IEnumerable<string> Keys => throw new NotSupportedException();

        public IEnumerable<CommittedShard> Values => throw new NotSupportedException();

        public CommittedShard this[string key] => TryGetValue(key, out var shard) ? shard : throw new KeyNotFoundException();

        public void Add(string id, string facts) => _shards.Add(id, new CommittedShard(id, facts, 0));

        public bool ContainsKey(string key) => TryGetValue(key, out _);

        public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out CommittedShard value)
        {
            Looks++;
            return _shards.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, CommittedShard>> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException();
    }
}
