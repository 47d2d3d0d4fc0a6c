using System.Net;
using Microsoft.Extensions.Time.Testing;
using NbnsSim.Cluster.Contract;
using NbnsSim.Cluster.Grains;

namespace NbnsSim.Cluster.Tests;

/// <summary>Who is given what, and when it is taken back.</summary>
public sealed class BoardTests
{
    private static readonly SiloAddress One = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private static readonly SiloAddress Two = SiloAddress.New(IPAddress.Loopback, 2, 1);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void AWorkerIsGivenAsMuchAsItDoesAtATimeAndTheFreestFirst()
    {
        var board = Filled(10);
        board.Accepted(One, new Acceptance(null, 3));
        board.Accepted(Two, new Acceptance(null, 1));
        var granted = All(board);
        Assert.That(granted.Select(u => u.Silo), Is.EqualTo(new[] { One, One, One, Two }));
        Assert.That(granted.Select(u => u.Id), Is.Unique);
        board.Remove(granted[3].Id);
        Assert.That(All(board).Select(u => u.Silo), Is.EqualTo(new[] { Two }));
    }

    [Test]
    public void AUnitWhoseWorkerIsSilentForALeaseIsGivenOutAgainUnderAnotherGrant()
    {
        var board = Filled(2);
        var (first, second) = (board.Grant()!, board.Grant()!);
        string grant = first.Grant!;
        _time.Advance(TimeSpan.FromSeconds(20));
        board.Heard(second.Id, second.Grant!, _time.GetTimestamp());
        board.Heard(first.Id, "another", _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(board.Overdue(), Is.EqualTo(new[] { first }));
        Assert.That(board.Grant(), Is.SameAs(first));
        Assert.That((first.Lost, first.Grant), Is.EqualTo((1, first.Grant)).And.Not.EqualTo((1, grant)));
        Assert.That(board.Take(first.Id, grant), Is.Null, "whoever was taken for lost has no say any more");
        Assert.That(board.Overdue(), Is.Empty);
    }

    [Test]
    public void AUnitWhoseWorkerIsGoneIsGivenOutAgainAtOnce()
    {
        var board = Filled(2);
        _ = All(board);
        board.Silos = [Two];
        Assert.That(board.Overdue(), Has.Count.EqualTo(1));
        Assert.That(board.Grant(), Is.Null, "the other has its hands full");
        board.Accepted(Two, new Acceptance(null, 2));
        Assert.That(board.Grant()?.Silo, Is.EqualTo(Two));
    }

    [Test]
    public void AWorkerThatRefusesIsGivenNothingMoreAndWhereAllDoItIsSaid()
    {
        var board = Filled(3);
        board.Accepted(One, new Acceptance("Another version.", 2));
        Assert.That(All(board).Select(u => u.Silo), Is.EqualTo(new[] { Two }));
        Assert.That(board.Refusal, Is.Null);
        board.Accepted(Two, new Acceptance("No folder.", 2));
        Assert.That(board.Refusal, Is.EqualTo("Another version."));
        board.Silos = [];
        Assert.That(board.Refusal, Is.Null, "nobody there is another matter");
    }

    [Test]
    public void WeightsAreThoseOfWhatIsOpen()
    {
        var board = Filled(3);
        Assert.That((board.WeightOpen, board.ShardsOpen), Is.EqualTo((6, 3)));
        board.Add(new Unit("u1", "", 99));
        board.Remove("u1");
        board.Remove("u1");
        Assert.That((board.WeightOpen, board.ShardsOpen, board.IsEmpty), Is.EqualTo((4, 2, false)));
    }

    private static List<Unit> All(Board board)
    {
        var all = new List<Unit>();
        while (board.Grant() is { } unit)
            all.Add(unit);
        return all;
    }

    private Board Filled(int units)
    {
        var board = new Board(new WorkerOptions(), _time) { Silos = [One, Two] };
        for (int i = 0; i < units; i++)
            board.Add(new Unit($"u{i}", "", i + 1));
        return board;
    }
}
