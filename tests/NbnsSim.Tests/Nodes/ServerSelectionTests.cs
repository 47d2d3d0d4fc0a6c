using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Tests.Nodes;

/// <summary>Which name server a node turns to, as a part of its own: Q247559.</summary>
public sealed class ServerSelectionTests
{
    private static readonly NetBtTiming s_timing = new() { SwitchBackCount = 2, SwitchBackInterval = TimeSpan.FromMinutes(10) };

    private static Instant At(int minutes) => Instant.Epoch + TimeSpan.FromMinutes(minutes);

    [Test]
    public void TheSecondary_IsTurnedTo_OnlyWhereAnotherWasSilent()
    {
        var servers = new ServerSelection();
        Assert.That((servers.First(isRefresh: false), servers.Answered(1, wasSilent: false, At(0), s_timing, 5), servers.First(isRefresh: false)), Is.EqualTo((0, false, 0)));
        Assert.That((servers.Answered(1, wasSilent: true, At(0), s_timing, 5), servers.First(isRefresh: false), servers.First(isRefresh: true)), Is.EqualTo((false, 1, 1)));
        Assert.That((servers.DueAt, servers.Cause), Is.EqualTo((At(10), 5)), "and what led there is the cause of the way back");
    }

    /// <summary>Every ten minutes for an hour, then with each refresh.</summary>
    [Test]
    public void ThePrimary_IsTriedSomeTimes_ThenWithEveryRefresh()
    {
        var servers = new ServerSelection();
        servers.Answered(1, wasSilent: true, At(0), s_timing, 5);
        servers.TrySwitchBack(At(10), s_timing);
        Assert.That((servers.DueAt, servers.First(isRefresh: true)), Is.EqualTo((At(20), 1)));
        servers.TrySwitchBack(At(20), s_timing);
        Assert.That((servers.DueAt, servers.First(isRefresh: true), servers.First(isRefresh: false)), Is.EqualTo((Instant.MaxValue, 0, 1)));
        Assert.That((servers.Answered(0, wasSilent: false, At(30), s_timing, 6), servers.First(isRefresh: false)), Is.EqualTo((true, 0)));
        Assert.That(servers.HasSameStateAs(new ServerSelection()), Is.True, "all is as at the start");
    }

    [Test]
    public void ADialectThatNeverGoesBack_HasNoTimer()
    {
        var servers = new ServerSelection();
        servers.Answered(1, wasSilent: true, At(0), s_timing with { SwitchBackCount = 0 }, 5);
        Assert.That((servers.DueAt, servers.First(isRefresh: true), servers.First(isRefresh: false)), Is.EqualTo((Instant.MaxValue, 0, 1)));
    }

    /// <summary><c>WinsDownTimeout</c>.</summary>
    [Test]
    public void WhereNoneAnswers_AllAreLeftAlone_UntilOneAnswers()
    {
        var servers = new ServerSelection();
        servers.LeaveAlone(At(1));
        Assert.That((servers.AreDown(At(0)), servers.AreDown(At(1)), servers.HasSameStateAs(new ServerSelection())), Is.EqualTo((true, false, false)));
        servers.Answered(0, wasSilent: false, At(0), s_timing, 5);
        Assert.That(servers.AreDown(At(0)), Is.False);
    }

    [Test]
    public void StartingOver_IsThePrimaryFirst()
    {
        var servers = new ServerSelection();
        servers.Answered(1, wasSilent: true, At(0), s_timing, 5);
        Assert.That(servers.HasSameStateAs(new ServerSelection()), Is.False);
        servers.StartOver();
        Assert.That((servers.HasSameStateAs(new ServerSelection()), servers.First(isRefresh: false)), Is.EqualTo((true, 0)));
    }
}
