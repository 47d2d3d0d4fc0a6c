using NbnsSim.Cluster.Contract;
using NbnsSim.Cluster.Grains;
using Orleans.Storage;

namespace NbnsSim.Cluster.Tests;

/// <summary>What is counted, and that of two owners of a ledger only one can add to it.</summary>
public sealed class LedgerTests
{
    private static readonly GrainId Job = GrainId.Create("job", "x");

    [Test]
    public async Task WhatIsCountedOnceIsNotCountedAgain()
    {
        var storage = new SharedStorage();
        var ledger = await BegunAsync(storage);
        await Task.WhenAll(ledger.AppendAsync(Committed("a", 3)), ledger.AppendAsync(Committed("a", 3)), ledger.AppendAsync(Failed("a", 3)), ledger.AppendAsync(Committed("b", 4)));
        Assert.That((ledger.WeightCommitted, ledger.WeightFailed, ledger.Committed.Count), Is.EqualTo((7, 0, 2)));
        await ledger.AppendAsync(new LedgerEntry(LedgerKind.Sealed, "", "", 0, 0));
        await ledger.AppendAsync(Committed("c", 5));
        Assert.That(ledger.WeightCommitted, Is.EqualTo(7), "behind the seal nothing counts");
        var read = await ReadAsync(storage);
        Assert.That((read.WeightCommitted, read.Committed.Count, read.IsSealed), Is.EqualTo((7, 2, true)));
    }

    [Test]
    public async Task AnOwnerThatDoesNotKnowTheTrueEndCannotAdd([Values(1, 5_000)] int characters, [Values(0, 1, 7, 8, 30)] int ahead)
    {
        var storage = new SharedStorage();
        var first = await BegunAsync(storage);
        for (int i = 0; i < 14; i++)
            await first.AppendAsync(Committed($"a{i}", 1, characters));
        var second = await ReadAsync(storage);
        for (int i = 0; i < ahead; i++)
            await second.AppendAsync(Committed($"b{i}", 1, characters));
        if (ahead == 0)
        {
            await first.AppendAsync(Committed("c", 1, characters));
            Assert.That(async () => await second.AppendAsync(Committed("d", 1, characters)), Throws.InstanceOf<InconsistentStateException>());
        }
        else
        {
            Assert.That(async () => await first.AppendAsync(Committed("c", 1, characters)), Throws.InstanceOf<InconsistentStateException>());
            Assert.That(async () => await first.AppendAsync(Committed("b0", 1, characters)), Throws.InstanceOf<InconsistentStateException>(), "and never again");
        }

        Assert.That((await ReadAsync(storage)).Committed, Has.Count.EqualTo(14 + Math.Max(ahead, 1)));
    }

    [Test]
    public async Task BehindAWriteWhoseAnswerIsLostTheStorageTellsWhatIsTrue([Values(1, 2)] int fault)
    {
        var storage = new SharedStorage();
        var ledger = await BegunAsync(storage);
        storage.FaultAt = _ => (Fault)fault;
        Assert.That(async () => await ledger.AppendAsync(Committed("a", 3)), Throws.InstanceOf<IOException>());
        Assert.That(ledger.Committed, Is.Empty, "not known to be counted is not counted");
        storage.FaultAt = _ => Fault.None;
        Assert.That(async () => await ledger.AppendAsync(Committed("b", 3)), Throws.InstanceOf<IOException>(), "this one is of no use any more");
        var read = await ReadAsync(storage);
        await read.AppendAsync(Committed("a", 3));
        Assert.That(read.WeightCommitted, Is.EqualTo(3));
    }

    [Test]
    public async Task AJobThatIsReopenedKeepsWhatIsCommitted()
    {
        var storage = new SharedStorage();
        var ledger = await BegunAsync(storage);
        foreach (var entry in (LedgerEntry[])[Committed("a", 3), Failed("b", 4), new(LedgerKind.Sealed, "", "", 0, 0), new(LedgerKind.Combined, "", "{}", 0, 0), new(LedgerKind.Reopened, "", "", 0, 0), Committed("b", 4)])
            await ledger.AppendAsync(entry);
        foreach (var one in (Ledger[])[ledger, await ReadAsync(storage)])
            Assert.That((one.WeightCommitted, one.WeightFailed, one.Failed.Count, one.IsSealed, one.Summary), Is.EqualTo((7, 0, 0, false, (string?)null)));
    }

    [Test]
    public async Task WhatIsWrittenGrowsWithTheEntriesAndNotWithTheirSquare()
    {
        var storage = new SharedStorage();
        var ledger = await BegunAsync(storage);
        var written = new List<long>();
        for (int i = 1; i <= 4_000; i++)
        {
            await ledger.AppendAsync(Committed($"a{i}", 1, 300));
            if (i % 1_000 == 0)
                written.Add(storage.CharactersWritten);
        }

        Assert.That(written[3] - written[2], Is.EqualTo(written[1] - written[0]).Within(10).Percent, "the last thousand costs what an earlier one did");
        Assert.That(storage.LongestWrite, Is.LessThan(40_000));
    }

    private static LedgerEntry Committed(string id, long weight, int characters = 1) => new(LedgerKind.Committed, id, new string('1', characters), weight, 0);

    private static LedgerEntry Failed(string id, long weight) => new(LedgerKind.Failed, id, "why", weight, 3);

    private static async Task<Ledger> ReadAsync(SharedStorage storage)
    {
        var ledger = new Ledger(storage, Job);
        await ledger.ReadAsync();
        return ledger;
    }

    private static async Task<Ledger> BegunAsync(SharedStorage storage)
    {
        var ledger = await ReadAsync(storage);
        Assert.That(ledger.Spec, Is.Null);
        await ledger.HeadAsync("{}", "/job");
        return ledger;
    }
}
