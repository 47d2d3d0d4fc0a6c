using System.Buffers.Binary;
using System.Text;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>Saved states that are no such thing, and what fingerprints tell.</summary>
public sealed class SavedStateTests
{
    private const int HeadSize = 20;
    private const int HashSize = 16;

    private static readonly FingerprintOptions WithoutDraws = new() { HasDraws = false };

    [Test]
    public void EveryPrefixOfASavedState_IsRefused()
    {
        byte[] saved = Saved(out var simulator);
        for (int length = 0; length < saved.Length; length++)
        {
            var stream = new MemoryStream(saved, 0, length);
            Assert.That(() => Simulator.Load(stream, simulator), Throws.TypeOf<StateException>(), $"{length} octets");
        }
    }

    [Test]
    public void EveryPrefixOfTheStateInIt_IsRefused()
    {
        byte[] octets = Saved(out var simulator)[HeadSize..^HashSize];
        for (int length = 0; length < octets.Length; length++)
            Assert.That(() => Simulator.LoadOctets(octets[..length], simulator), Throws.TypeOf<StateException>(), $"{length} octets");
    }

    [Test]
    public void AChangedOctetAnywhere_IsRefused()
    {
        byte[] saved = Saved(out var simulator);
        for (int at = 0; at < saved.Length; at++)
        {
            byte[] changed = [.. saved];
            changed[at] ^= (byte)(1 << (at % 8));
            Assert.That(() => Simulator.Load(new MemoryStream(changed), simulator), Throws.TypeOf<StateException>(), $"octet {at}");
        }
    }

    /// <summary>A file that somebody has made to be read, hash and all: it is refused or read, and nothing else happens.</summary>
    [TestCase("q131739-wins", 20.05)]
    [TestCase("split-brain", 400.0)]
    [TestCase("wins-partition", 300.0)]
    public void ForgedStates_AreRefusedOrRead(string name, double seconds)
    {
        byte[] text = Encoding.UTF8.GetBytes(BuiltInScenarios.FindText(name)!);
        var run = new ScenarioRun(BuiltInScenarios.Find(name)!);
        run.RunUntil(Instant.Epoch + TimeSpan.FromSeconds(seconds));
        var stream = new MemoryStream();
        run.Save(stream, text, "forged.json");
        byte[] network = run.Simulator.SaveOctets().ToArray();
        byte[] whole = stream.ToArray()[HeadSize..^HashSize];
        var random = new RandomStream(5);
        int refused = 0, read = 0;
        for (int i = 0; i < 4000; i++)
        {
            bool isWhole = i % 40 == 0;
            byte[] changed = [.. isWhole ? whole : network];
            for (uint change = 0; change <= random.Next(3); change++)
                changed[random.Next((uint)changed.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(0xFF * random.Next(2));
            try
            {
                if (isWhole)
                    ScenarioRun.LoadOctets(changed);
                else
                    Simulator.LoadOctets(changed, run.Simulator);
                read++;
            }
            catch (StateException)
            {
                refused++;
            }
        }

        Assert.That((refused, read), Is.GreaterThan((100, 100)));
        Assert.That(read, Is.GreaterThan(100));
    }

    [Test]
    public void AStateOfAnotherVersion_Kind_OrNetwork_IsRefusedInWords()
    {
        byte[] saved = Saved(out var simulator);
        string Refused(Action<byte[]> change, Simulator? built = null)
        {
            byte[] changed = [.. saved];
            change(changed);
            return Assert.Throws<StateException>(() => Simulator.Load(new MemoryStream(changed), built ?? simulator))!.Message;
        }

        Assert.That(Refused(octets => octets[8]++), Is.EqualTo("The state is of version 3 of the format, and only version 2 can be read here: it was saved by another version of NbnsSim."));
        Assert.That(Refused(octets => octets[10] = 2), Is.EqualTo("The state is not of a simulation, but of a scenario's run."));
        Assert.That(Refused(octets => octets[0]++), Is.EqualTo("This is no saved state: it does not begin with NBNSTATE."));
        Assert.That(Refused(octets => BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(12), long.MaxValue)), Is.EqualTo("The state is damaged: it is said to be longer than any can be."));
        Assert.That(Refused(octets => BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(12), int.MaxValue / 2)), Is.EqualTo("The state ends before all of it was there."));
        Assert.That(Refused(_ => { }, new Simulator()), Does.StartWith("The network is 0 segments, 0 routers, 0 hosts here, and 1 segments, 0 routers, 2 hosts in the state"));
        Assert.That(Refused(_ => { }, Two(NetBtDialect.WindowsNt4)), Does.StartWith("Its dialect is nt4 here, and nt3.5 in the state"));
    }

    [Test]
    public void AnEndpointWithoutState_IsSaid()
    {
        var simulator = new Simulator();
        var segment = simulator.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        simulator.AddHost("S", new Station(), segment, Ipv4Address.Parse("10.0.0.1"));
        Assert.That(() => simulator.Save(new MemoryStream()), Throws.TypeOf<StateException>().With.Message.EqualTo("The endpoint of S is a Station, whose state cannot be written or read."));
        Assert.That(() => simulator.Fingerprint(), Throws.TypeOf<StateException>());
    }

    /// <summary>Recorded, so that what is carried does not change under the same version: where this fails, StateFile.Version is to be raised.</summary>
    [Test]
    public void TheFormatOfVersion2IsTheRecordedOne()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739-wins")!);
        run.RunUntil(Instant.Epoch + TimeSpan.FromSeconds(60));
        Assert.That((StateFile.Version, OctetHash.Of(run.Simulator.SaveOctets()).ToString("x32", null)), Is.EqualTo(((ushort)2, "ccd5a0f12ebbec4bcbbdc763df446a5d")));
    }

    [Test]
    public void WhatHappensLater_HasTheSameFingerprint()
    {
        var early = Two(NetBtDialect.WindowsNt35);
        var late = Two(NetBtDialect.WindowsNt35);
        late.RunFor(TimeSpan.FromDays(3));
        foreach (var simulator in new[] { early, late })
            Boot(simulator);
        for (int i = 0; i < 30; i++)
        {
            Assert.That(late.Fingerprint(WithoutDraws), Is.EqualTo(early.Fingerprint(WithoutDraws)), $"event {i}");
            Assert.That(late.Fingerprint(), Is.EqualTo(early.Fingerprint()), $"event {i}");
            Assert.That(late.Step(), Is.EqualTo(early.Step()));
        }
    }

    [Test]
    public void OtherDraws_HaveAnotherFingerprint_UnlessDrawsDoNotCount()
    {
        var one = Two(NetBtDialect.WindowsNt35, seed: 1);
        var other = Two(NetBtDialect.WindowsNt35, seed: 2);
        Boot(one);
        Boot(other);
        for (int i = 0; i < 30 && one.Step() && other.Step(); i++)
        {
            Assert.That(other.Fingerprint(WithoutDraws), Is.EqualTo(one.Fingerprint(WithoutDraws)), $"event {i}: only ids differ");
            Assert.That(other.Fingerprint(), Is.Not.EqualTo(one.Fingerprint()));
        }
    }

    [Test]
    public void EachEventAndEachCommand_ShowsInTheFingerprint()
    {
        var simulator = Two(NetBtDialect.WindowsNt35);
        Boot(simulator);
        var seen = new HashSet<UInt128>();
        int events = 0;
        do
            Assert.That(seen.Add(simulator.Fingerprint(WithoutDraws)), Is.True, $"event {events}");
        while (++events < 40 && simulator.Step());
        Assert.That(events, Is.GreaterThan(20));
    }

    [Test]
    public void AFingerprint_AllocatesNothing_AndChangesNothing()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739-wins")!);
        run.RunUntil(Instant.Epoch + TimeSpan.FromSeconds(20.05));
        byte[] before = run.Simulator.SaveOctets().ToArray();
        var expected = run.Simulator.Fingerprint(WithoutDraws);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        bool isSame = run.Simulator.Fingerprint(WithoutDraws) == expected;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.Zero);
        Assert.That(isSame, Is.True);
        Assert.That(run.Simulator.SaveOctets().SequenceEqual(before), Is.True);
    }

    [TestCase("", "00000000000000000000000000000000")]
    [TestCase("The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347")]
    public void TheHash_IsMurmurs(string text, string expected) => Assert.That(OctetHash.Of(Encoding.UTF8.GetBytes(text)).ToString("x32", null), Is.EqualTo(expected));

    private static byte[] Saved(out Simulator simulator)
    {
        simulator = Two(NetBtDialect.WindowsNt35);
        Boot(simulator);
        simulator.RunFor(TimeSpan.FromMilliseconds(0.5));
        var stream = new MemoryStream();
        simulator.Save(stream);
        return stream.ToArray();
    }

    private static Simulator Two(NetBtDialect dialect, ulong seed = 1)
    {
        var simulator = new Simulator(seed);
        var segment = simulator.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        foreach (var (name, address) in new[] { ("ALPHA", "10.0.0.1"), ("BRAVO", "10.0.0.2") })
        {
            var node = new EndNode(name, EndNodeInterface.InSubnet(Ipv4Address.Parse(address)), new EndNodeOptions { Dialect = dialect, Workgroup = "LAB" }, seed);
            simulator.AddHost(name, node, segment, node.Address);
        }

        return simulator;
    }

    private static void Boot(Simulator simulator)
    {
        for (int host = 0; host < simulator.HostCount; host++)
            simulator.Command<EndNode>(new HostId(host), "boot", (node, now) => node.Boot(now));
    }
}
