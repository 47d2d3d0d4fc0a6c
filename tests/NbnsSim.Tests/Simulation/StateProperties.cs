using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>What saved states and fingerprints promise, over networks that nobody thought of, with machines of any dialect, name servers, proxies, faults and crashes.</summary>
public sealed class StateProperties
{
    private static Config Config => Config.QuickThrowOnFailure.WithMaxTest(250).WithStartSize(5).WithEndSize(30).WithReplay(21, 1);

    /// <summary>After each step: a loaded simulation is the saved one, octet for octet and machine for machine, and both go the same way.</summary>
    [Test]
    public void ALoadedSimulationIsTheSavedOne_AndGoesTheSameWay() => Prop.ForAll(NetworkPlans.Any, plan => NetworkPlay.Play(plan, simulator =>
    {
        byte[] octets = simulator.SaveOctets().ToArray();
        var loaded = Simulator.LoadOctets(octets, simulator);
        int first = loaded.SaveOctets().CommonPrefixLength(octets);
        Require(first == octets.Length, $"the octets of a loaded simulation are others from {first} of {octets.Length} on: {Convert.ToHexString(octets.AsSpan(Math.Max(0, first - 40)..Math.Min(octets.Length, first + 40)))} and {Convert.ToHexString(loaded.SaveOctets()[Math.Max(0, first - 40)..Math.Min(loaded.SaveOctets().Length, first + 40)])}");
        RequireAlike(loaded, simulator, "at once");
        var left = simulator.Fork();
        for (int second = 0; second < 40; second += 8)
        {
            left.RunFor(TimeSpan.FromSeconds(8));
            loaded.RunFor(TimeSpan.FromSeconds(8));
            RequireAlike(loaded, left, $"{second} s later");
        }
    })).Check(Config);

    /// <summary>Machines are in the same state exactly where their octets are the same: of each machine now and after each step before.</summary>
    [Test]
    public void MachinesAreInTheSameStateExactlyWhereTheirOctetsAreTheSame()
    {
        int same = 0, different = 0;
        Prop.ForAll(NetworkPlans.Any, plan =>
        {
            Simulator? before = null;
            NetworkPlay.Play(plan, simulator =>
            {
                var now = simulator.Fork();
                for (int host = 0; before is not null && host < now.HostCount; host++)
                {
                    var (one, other) = (Machine(now, host), Machine(before, host));
                    bool areAlike = WatchedEndpoint.AreAlike(one, other);
                    bool haveSameOctets = Octets(one).SequenceEqual(Octets(other));
                    _ = areAlike ? same++ : different++;
                    Require(areAlike == haveSameOctets, $"host {host}: alike {areAlike}, same octets {haveSameOctets}");
                }

                before = now;
            });
        }).Check(Config);
        Assert.That(Math.Min(same, different), Is.GreaterThan(500), "both happen");
    }

    /// <summary>Forks that are left alone have the same fingerprint at each event, and it tells nobody apart who goes the same way an hour later and an hour after the epoch.</summary>
    [Test]
    public void ForksHaveOneFingerprint_UntilSomethingElseHappensToOne() => Prop.ForAll(NetworkPlans.Any, plan => NetworkPlay.Play(plan, simulator =>
    {
        var fork = simulator.Fork();
        var other = simulator.Fork();
        for (int i = 0; i < 12 && other.Step(); i++)
        {
            fork.Step();
            Require(fork.Fingerprint() == other.Fingerprint(), $"event {i}: forks have two fingerprints");
        }

        var options = new FingerprintOptions { HasDraws = false };
        Require(fork.Fingerprint(options) == other.Fingerprint(options), "forks have two fingerprints without draws");
        if (other.IsUp(new HostId(0)))
        {
            other.Crash(new HostId(0));
            Require(fork.Fingerprint() != other.Fingerprint() && fork.Fingerprint(options) != other.Fingerprint(options), "a crash does not show");
        }
    })).Check(Config);

    private static void RequireAlike(Simulator one, Simulator other, string when)
    {
        Require(one.Fingerprint() == other.Fingerprint(), $"fingerprints differ {when}");
        Require((one.Now, one.EventCount, one.SentCount, one.DeliveryCount, one.Log.Count) == (other.Now, other.EventCount, other.SentCount, other.DeliveryCount, other.Log.Count), $"counts differ {when}");
        for (int host = 0; host < one.HostCount; host++)
            Require(WatchedEndpoint.AreAlike(Machine(one, host), Machine(other, host)), $"host {host} differs {when}");
    }

    private static INbnsEndpoint Machine(Simulator simulator, int host) => ((WatchedEndpoint)simulator.EndpointOf(new HostId(host))).Machine;

    private static byte[] Octets(INbnsEndpoint machine)
    {
        var codec = StateCodec.Write();
        ((IStateEndpoint)machine.Fork()).WriteState(codec);
        return codec.Written.ToArray();
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}
