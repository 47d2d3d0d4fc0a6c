using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>Q140419: a machine that shuts down releases some of its names at the name server, which goes on giving out its address for the others.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeadRegistrationTests
{
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address Machine = Ipv4Address.Parse("10.0.0.20");
    private static readonly Ipv4Address Client = Ipv4Address.Parse("10.0.0.30");
    private static readonly NetBiosName Left = NetBiosName.Parse("ALPHA<03>");

    private readonly byte[] _buffer = new byte[576];
    private readonly CaptureDiagnosis _diagnosis = new();
    private long _frame;
    private Instant _now = Instant.Epoch;

    public static IEnumerable<TestCaseData> Days()
    {
        yield return new TestCaseData((Action<DeadRegistrationTests>)(it => it.Release("ALPHA<20>", "JSMITH<03>")), "dead-registration").SetName("It released two names, and was not heard again");
        yield return new TestCaseData((Action<DeadRegistrationTests>)(it => it.Release("JSMITH<03>")), null).SetName("A user logged off");
        yield return new TestCaseData((Action<DeadRegistrationTests>)(it => it.Release("ALPHA<20>", "ALPHA<20>", "ALPHA<20>")), null).SetName("A service was stopped, and its release repeated");
        yield return new TestCaseData((Action<DeadRegistrationTests>)(it => it.ReleaseAndSpeak()), null).SetName("It was heard again");
        yield return new TestCaseData((Action<DeadRegistrationTests>)(it => it.ReleaseAndRegister()), null).SetName("It registered anew at once (nbtstat -RR)");
        yield return new TestCaseData((Action<DeadRegistrationTests>)(it => it.Release("ALPHA<20>", "ALPHA<03>")), null).SetName("It released the very name that is asked for");
    }

    [TestCaseSource(nameof(Days))]
    public void AnAddressIsGivenOutAfterwards(Action<DeadRegistrationTests> day, string? cause)
    {
        foreach (string name in (string[])["ALPHA<00>", "ALPHA<03>", "ALPHA<20>", "JSMITH<03>"])
        {
            Send(Machine, Server, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse(name), 0, new NbEntry(default, Machine)));
            Send(Server, Machine, NbnsEncoder.WriteResponse(_buffer, 1, NbnsFlagWords.RegistrationResponse, NetBiosName.Parse(name), 518_400, new NbEntry(default, Machine)));
        }

        day(this);
        _now += TimeSpan.FromMinutes(1);
        Send(Client, Server, NbnsEncoder.WriteQuery(_buffer, 9, NbnsFlagWords.QueryRequest, Left));
        Send(Server, Client, NbnsEncoder.WriteResponse(_buffer, 9, NbnsFlagWords.QueryResponse, Left, 518_400, new NbEntry(default, Machine)));
        _diagnosis.Complete();

        var incident = _diagnosis.Judge().Incidents.SingleOrDefault();
        Assert.That(incident?.Cause.Id, Is.EqualTo(cause));
        if (incident is null)
            return;
        Assert.That(incident.Frames, Is.EqualTo(new long[] { 4, 11, 14 }), "its registration, the last release, the answer");
        Assert.That(incident.Certainty, Is.EqualTo(Certainty.Likely), "it may be there and silent");
        Assert.That(incident.Parties.Single().Address, Is.EqualTo(Machine));
    }

    private void Release(params string[] names)
    {
        foreach (string name in names)
        {
            Send(Machine, Server, NbnsEncoder.WriteRequest(_buffer, 2, NbnsFlagWords.Release, NetBiosName.Parse(name), 0, new NbEntry(default, Machine)));
            Send(Server, Machine, NbnsEncoder.WriteResponse(_buffer, 2, NbnsFlagWords.ReleaseResponse, NetBiosName.Parse(name), 0, new NbEntry(default, Machine)));
        }
    }

    private void ReleaseAndRegister()
    {
        Release("ALPHA<00>", "ALPHA<03>", "ALPHA<20>");
        foreach (string name in (string[])["ALPHA<00>", "ALPHA<03>", "ALPHA<20>"])
        {
            Send(Machine, Server, NbnsEncoder.WriteRequest(_buffer, 4, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse(name), 0, new NbEntry(default, Machine)));
            Send(Server, Machine, NbnsEncoder.WriteResponse(_buffer, 4, NbnsFlagWords.RegistrationResponse, NetBiosName.Parse(name), 518_400, new NbEntry(default, Machine)));
        }
    }

    private void ReleaseAndSpeak()
    {
        Release("ALPHA<20>", "JSMITH<03>");
        _now += TimeSpan.FromSeconds(30);
        Send(Machine, Server, NbnsEncoder.WriteQuery(_buffer, 3, NbnsFlagWords.QueryRequest, NetBiosName.Parse("FILES<20>")));
        Send(Server, Machine, NbnsEncoder.WriteResponse(_buffer, 3, NbnsFlagWords.QueryResponse, NetBiosName.Parse("FILES<20>"), 518_400, new NbEntry(default, Client)));
    }

    private void Send(Ipv4Address from, Ipv4Address to, int length)
    {
        _now += TimeSpan.FromMilliseconds(50);
        _diagnosis.Observe(++_frame, _now, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), false, _buffer.AsSpan(0, length));
    }
}
