using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Reports;

namespace NbnsSim.Tests.Events;

public class NetBtEventTests
{
    private static readonly NetBiosName User = new("JSMITH", NameSuffix.Messenger);
    private static readonly Ipv4Address Sender = Ipv4Address.Parse("22.101.26.231");

    [Test]
    public void NameRelease_HasTheCodeAndTextOfQ131739()
    {
        var logged = NetBtEvent.NameRelease(Instant.FromMilliseconds(1500), Sender, User);
        Assert.Multiple(() =>
        {
            Assert.That(logged.Id, Is.EqualTo(4320));
            Assert.That(logged.Code, Is.EqualTo(0xC00010E0));
            Assert.That(logged.Severity, Is.EqualTo(NetBtEventSeverity.Error));
            Assert.That(logged.Address, Is.EqualTo(Sender));
            Assert.That(logged.Name, Is.EqualTo(User));
            Assert.That(logged.Time, Is.EqualTo(Instant.FromMilliseconds(1500)));
            Assert.That(logged.Message, Is.EqualTo(
                "Another machine has sent a name release message to this machine probably because a duplicate name has been detected on the TCP network. " +
                "The IP address of the node that sent the message is in the data. Use nbtstat -n in a command window to see which name is in the Conflict state."));
            Assert.That(logged.ToString(), Is.EqualTo("4320 JSMITH<03> from 22.101.26.231"));
        });
    }

    [Test]
    public void DuplicateName_HasTheCodeAndTextOfQ120752()
    {
        var logged = NetBtEvent.DuplicateName(default, Sender, User);
        Assert.Multiple(() =>
        {
            Assert.That(logged.Id, Is.EqualTo(4319));
            Assert.That(logged.Code, Is.EqualTo(0xC00010DF));
            Assert.That(logged.Message, Is.EqualTo(
                "A duplicate name has been detected on the TCP network. The IP address of the machine that sent the message is in the data. " +
                "Use nbtstat -n in a command window to see which name is in the Conflict state."));
        });
    }

    [Test]
    public void DuplicateNameError_FillsInNameAndAddresses()
    {
        var logged = NetBtEvent.DuplicateNameError(
            default, Ipv4Address.Parse("192.168.100.246"), new NetBiosName("ABC123", NameSuffix.DomainMasterBrowser), Ipv4Address.Parse("192.168.100.254"));
        Assert.Multiple(() =>
        {
            Assert.That(logged.Code, Is.EqualTo(0xC00010E1));
            Assert.That(logged.Message, Is.EqualTo(
                "The name \"ABC123         :1b\" could not be registered on the interface with IP address 192.168.100.254. " +
                "The machine with the IP address 192.168.100.246 did not allow the name to be claimed by this machine."));
        });
    }

    [Test]
    public void DuplicateNameError_HasTheDataThatWindows10WasSeenToWrite()
    {
        var logged = NetBtEvent.DuplicateNameError(default, Sender, User, Sender);
        Assert.That(Convert.ToHexString(logged.GetData()), Is.EqualTo("000000000400320000000000E11000C001010000010000C000000000000000000000000000000000"));
        Assert.That((NetBtEventData.Read(logged.GetData()).Address, NetBtEventData.Read(logged.GetData()).IsTruncated), Is.EqualTo(((Ipv4Address?)null, false)));
    }

    [Test]
    public void ConfigurationEvents_AreWarnings()
    {
        NetBtEvent[] logged =
        [
            NetBtEvent.NoNameServer(default, backup: true), NetBtEvent.NoNameServer(default, backup: false),
            NetBtEvent.ScopeTooLong(default, label: true), NetBtEvent.ScopeTooLong(default, label: false),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(logged.Select(e => e.Code), Is.EqualTo(new[] { 0x800010CE, 0x800010CF, 0x800010DD, 0x800010DE }));
            Assert.That(logged.Select(e => e.Severity), Is.All.EqualTo(NetBtEventSeverity.Warning));
        });
    }

    [Test]
    public void Definitions_CoverEveryIdInOrder()
    {
        Assert.That(NetBtEventDefinition.All.Select(d => d.Id), Is.EqualTo(Enumerable.Range(4300, 23)));
        foreach (var definition in NetBtEventDefinition.All)
        {
            Assert.That(NetBtEventDefinition.Find(definition.Id), Is.SameAs(definition));
            Assert.That(NetBtEventDefinition.FindByCode(definition.Code), Is.SameAs(definition));
        }
    }

    [TestCase(4299)]
    [TestCase(4323)]
    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void Find_KnowsNoOtherId(int id) => Assert.That(NetBtEventDefinition.Find(id), Is.Null);

    [TestCase(0xC00010CBu)] // 4299
    [TestCase(0xC00010E3u)] // 4323
    [TestCase(0xC00110E0u)] // another facility
    [TestCase(0xE00010E0u)] // a customer's code
    [TestCase(0x000010E0u)] // success
    public void FindByCode_KnowsNoOtherCode(uint code) => Assert.That(NetBtEventDefinition.FindByCode(code), Is.Null);

    [Test]
    public void FindByCode_AcceptsTheNewerSeverityOf4311() =>
        Assert.That(NetBtEventDefinition.FindByCode(0x400010D7)!.Id, Is.EqualTo(4311));

    [Test]
    public void Format_IsEventViewersDetail() =>
        Assert.That(EventViewerText.Format(NetBtEvent.NameRelease(default, Sender, User), "ALPHA", "12:42:17"), Is.EqualTo("""
            Event ID: 4320
            Source:   NetBT
            Type:     Error
            Time:     12:42:17
            Computer: ALPHA
            Description:
            Another machine has sent a name release message to this machine probably because
            a duplicate name has been detected on the TCP network. The IP address of the
            node that sent the message is in the data. Use nbtstat -n in a command window to
            see which name is in the Conflict state.
            Data (bytes):
            0000: 00 00 04 00 01 00 54 00   ......T.
            0008: 00 00 00 00 e0 10 00 c0   ........
            0010: 00 00 00 00 00 00 00 00   ........
            0018: 00 00 00 00 00 00 00 00   ........
            0020: 00 00 00 00 00 00 00 00   ........
            0028: e7 1a 65 16               ..e.
            Data (words):
            0000: 00040000 00540001 00000000 c00010e0
            0010: 00000000 00000000 00000000 00000000
            0020: 00000000 00000000 16651ae7

            """));
}
