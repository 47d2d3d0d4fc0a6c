using NbnsSim.NameServers;
using NbnsSim.Rules;

namespace NbnsSim.Tests.NameServers;

/// <summary><see cref="Ageing"/> over every record and every dialect, against what the texts say of each.</summary>
public sealed class AgeingTests
{
    private static readonly NameServerDialect Wins = NameServerDialect.WinsNt4;
    private static readonly NameServerDialect Rfc = NameServerDialect.Rfc1002Secured with { AsksBeforeRemoval = false };
    private static readonly NameServerDialect Asking = NameServerDialect.Rfc1002Secured with { AsksBeforeRemoval = true };

    private static IEnumerable<AgeingCase> All =>
        from dialect in (NameServerDialect[])[Wins, Rfc, Asking]
        from state in Enum.GetValues<NameRecordState>()
        from bits in Enumerable.Range(0, 16)
        select new AgeingCase
        {
            Dialect = dialect,
            State = state,
            IsGroup = (bits & 1) != 0,
            IsReplica = (bits & 2) != 0,
            HasLapsedMember = (bits & 4) != 0,
            IsDisputed = (bits & 8) != 0,
        };

    [Test]
    public void RuleW5_AReplicaThatIsNoTombstoneIsVerifiedAndNothingElse() =>
        Check(it => it.IsReplica && it.State != NameRecordState.Tombstone, ServerRules.VerifyDue, isExactly: true);

    [Test]
    public void RuleW5_AReleasedRecordBecomesATombstone_MsWinsra3112() =>
        Check(it => !it.IsReplica && it.State == NameRecordState.Released, ServerRules.AgedToTombstone, isExactly: true);

    [Test]
    public void RuleW5_ATombstoneGoes_WhoeverOwnsIt() => Check(it => it.State == NameRecordState.Tombstone, ServerRules.AgedAway, isExactly: true);

    [Test]
    public void RuleS9_OfAnActiveRecordOnlyTheLapsedAddressesGoAsLongAsOneIsLeft() =>
        Check(it => !it.IsReplica && it.State == NameRecordState.Active && it.HasLapsedMember, ServerRules.MemberLapsed, isExactly: true);

    [Test]
    public void RuleS12_TheOwnerOfAUniqueNameIsAskedOnceBeforeItGoes_Rfc1001_15175()
    {
        static bool Asks(AgeingCase it) => IsLeft(it) && it is { Dialect.AsksBeforeRemoval: true, IsGroup: false };
        Check(it => Asks(it) && !it.IsDisputed, ServerRules.AskedBeforeRemoval, isExactly: true);
        Check(it => Asks(it) && it.IsDisputed, ServerRules.Postponed, isExactly: true);
    }

    [Test]
    public void RuleW5_WhereNobodyIsAsked_AnActiveRecordIsReleased_OrGoesWhereNoReleasedNamesAreKept()
    {
        static bool Ends(AgeingCase it) => IsLeft(it) && (it.IsGroup || !it.Dialect.AsksBeforeRemoval);
        Check(it => Ends(it) && it.Dialect.KeepsReleasedNames, ServerRules.AgedToReleased, isExactly: true);
        Check(it => Ends(it) && !it.Dialect.KeepsReleasedNames, ServerRules.Expired, isExactly: true);
        Assert.That((Ageing.Unrefreshed(Wins).Id, Ageing.Unrefreshed(Rfc).Id), Is.EqualTo(("W5.to-released", "S9.expired")));
    }

    private static bool IsLeft(AgeingCase it) => it is { IsReplica: false, State: NameRecordState.Active, HasLapsedMember: false };

    /// <summary>A rule holds for these cases and, where it is said so, for no others.</summary>
    private static void Check(Func<AgeingCase, bool> applies, Rule rule, bool isExactly)
    {
        var cases = All.ToList();
        Assert.That(cases.Where(applies), Is.Not.Empty);
        foreach (var it in cases)
        {
            if (applies(it) || isExactly)
                Assert.That(Ageing.Next(it) == rule, Is.EqualTo(applies(it)), $"{it}");
        }
    }
}
