using NbnsSim.Events;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Events;

/// <summary>What people paste: whatever form it has, the event's number, whose address, which name.</summary>
public sealed class PastedEventTests
{
    [TestCase("e01-q120752", 4320, "22.101.26.231")]
    [TestCase("e02-q120752-oneline", 4320, "22.101.26.231")]
    [TestCase("e03-q314696-fulltext", 4320, "1.104.252.130")]
    [TestCase("e04-q120752-sentence", null, "22.101.26.231")]
    [TestCase("e05-binary-xml", 4319, "10.10.0.5")]
    [TestCase("e06-binary-tag-only", 4319, "10.10.0.5")]
    [TestCase("e07-vista-details", 4319, "10.10.0.5")]
    [TestCase("e09-xp-bytes-ascii", 4319, "10.10.0.5")]
    [TestCase("e10-4321-xml", 4321, "192.168.0.1", "WORKGROUP<1D>", "192.168.0.105")]
    [TestCase("e11-4321-text", 4321, "192.168.0.1", "WORKGROUP<1D>", "192.168.0.105")]
    [TestCase("e13-german-4319", 4319, "10.10.0.5")]
    [TestCase("e14-french-4321", 4321, "192.168.0.1", "WORKGROUP<1D>", "192.168.0.105")]
    [TestCase("e15-powershell-decimal", 4320, "22.101.26.231")]
    [TestCase("e17-bytes-0x-commas", 4320, "22.101.26.231")]
    [TestCase("e18-powershell-bitconverter", 4320, "22.101.26.231")]
    [TestCase("e20-hexdump-xxd", 4320, "22.101.26.231")]
    [TestCase("e21-words-0x", 4320, "1.104.252.130")]
    [TestCase("e22-quoted-reply", 4320, "22.101.26.231")]
    [TestCase("e23-4320-w2k-status", 4320, null)]
    [TestCase("e26-4311", 4311, null)]
    [TestCase("e27-crlf", 4320, "22.101.26.231")]
    [TestCase("e28-utf16", 4320, "22.101.26.231")]
    [TestCase("e29-cp1252", 4319, "10.10.0.5")]
    public void EveryForm(string file, int? id, string? address, string? name = null, string? interfaceAddress = null)
    {
        var pasted = Read(PastedEvent.Decode(File.ReadAllBytes(Path.Combine(Folder(), file + ".txt"))));
        Assert.That(
            (pasted.IsNetBt, pasted.Id, pasted.Address?.ToString(), pasted.Name?.ToString(), pasted.InterfaceAddress?.ToString()),
            Is.EqualTo((true, id, address, name, interfaceAddress)));
        Assert.That(pasted.Message, id is null ? Is.Null : Does.Not.Contain("%"));
    }

    [TestCase("Another machine has sent a name release message to this machine probably because", "Another machine has sent a name release message to this machine probably")]
    [TestCase("Another computer has sent a name release message to this computer, probably because", "Another computer has sent a name release message to this computer, probably")]
    [TestCase("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"NetBT\"/><EventID>4320</EventID></System></Event>", "Another computer has sent")]
    public void ADescriptionIsInTheWordsOfItsSystem(string text, string begins) => Assert.That(Read(text).Message, Does.StartWith(begins));

    [Test]
    public void AnotherProvidersEvent_IsNotNetBts()
    {
        var pasted = Read(File.ReadAllText(Path.Combine(Folder(), "e25-other-provider.txt")));
        Assert.That((pasted.IsNetBt, pasted.Provider, pasted.Id, pasted.Definition), Is.EqualTo((false, "nvlddmkm", 14, (NetBtEventDefinition?)null)));
        Assert.That(Read("Log Name: System\r\nSource:        Server\r\nEvent ID:      2505\r\nThe server could not bind to the transport.").IsNetBt, Is.False);
    }

    [TestCase("Event ID 2505: The server could not bind to the transport \\Device\\NetBT_Tcpip_{GUID} because another computer on the network has the same name.", 2505)]
    [TestCase("Event ID 4320: Another machine has sent a name release message", 4320)]
    [TestCase("4320: a name release message", 4320)]
    [TestCase("4319", 4319)]
    [TestCase(" 4320\r\n", 4320)]
    [TestCase("Event 4321", null)]
    [TestCase("NetBT 4321", 4321)]
    [TestCase("Event[0]\n  Log Name: System\n  Source: NetBT\n  Event ID: 4321\n", 4321)]
    [TestCase("InstanceId         : 3221229792\nSource             : NetBT", 4320)]
    [TestCase("EventID=4319", 4319)]
    [TestCase("Ereignis-ID: 4319", 4319)]
    [TestCase("Код события: 4321", 4321)]
    [TestCase("Another computer has sent a name release message to this computer, probably because", 4320)]
    [TestCase("A duplicate name has been detected\non the TCP network.", 4319)]
    public void ANumberOrASentence(string text, int? id)
    {
        if (id is null)
            Assert.That(PastedEvent.TryParse(text, out _, out string? error) || error is null, Is.False);
        else
            Assert.That((Read(text).Id, Read(text).Data), Is.EqualTo((id, (NetBtEventData?)null)));
    }

    [TestCase("The name \"OFFICE         :20\" could not be registered on the interface with IP address 10.0.0.5. The machine with the IP address 10.0.0.9 did not allow the name to be claimed by this machine.")]
    [TestCase("> The name \"OFFICE         :20\" could not be\n> registered on the interface with IP address\n> 10.0.0.5. The machine with the IP address 10.0.0.9\n> did not allow the name to be claimed by this machine.")]
    [TestCase("Der Name „OFFICE         :20“ konnte nicht auf der Schnittstelle mit der IP-Adresse 10.0.0.5 registriert werden. Der Computer mit der IP-Adresse 10.0.0.9 hat nicht zugelassen, dass dieser Computer den Namen verwendet.")]
    [TestCase("Le nom « OFFICE         :20 » n'a pas pu être inscrit sur l'interface 10.0.0.5. L'ordinateur 10.0.0.9 n'a pas autorisé.")]
    [TestCase("<EventData><Data/><Data>OFFICE         :20</Data><Data>10.0.0.5</Data><Data>10.0.0.9</Data></EventData>")]
    public void A4321_HasItsStringsFilledIn(string text)
    {
        var pasted = Read(text);
        Assert.That(
            (pasted.Id, pasted.Name?.ToString(), pasted.InterfaceAddress?.ToString(), pasted.Address?.ToString()), Is.EqualTo((4321, "OFFICE<20>", "10.0.0.5", "10.0.0.9")));
        Assert.That(pasted.Message, Is.EqualTo(
            "The name \"OFFICE         :20\" could not be registered on the interface with IP address 10.0.0.5. The machine with the IP address 10.0.0.9 did not allow the name to be claimed by this machine."));
    }

    private const string English = "could not be registered on the interface with IP address 10.0.0.5. The computer with the IP address 10.0.0.9 did not allow the name to be claimed by this computer.";

    [TestCase("The name OFFICE:20 could not be registered on interface 10.0.0.5.\n The computer with IP address 10.0.0.9 did not allow the name to be claimed.", TestName = "without quotation marks")]
    [TestCase("The name \"OFFICE         : 20\" could not be registered on the interface with IP\naddress 10.0.0.5 . The computer with the IP address 10.0.0.9 did not", TestName = "read from a screen, with blanks")]
    [TestCase("Event ID:4321\nThe name\"OFFICE:20\"could not be registered on the interface with IPaddress10.0.0.5.The computer with the IP address 10.0.0.9 did not", TestName = "read from a screen, without blanks")]
    [TestCase("[quote]Event ID 4321 NetBT\n[b]The name &quot;OFFICE         :20&quot; " + English + "[/b]", TestName = "a forum's entities")]
    [TestCase("{\"EventID\":4321,\"SourceName\":\"NetBT\",\"Message\":\"The name \\\"OFFICE         :20\\\" " + English + "\"}", TestName = "JSON's quotation marks")]
    [TestCase("{\"Id\":4321,\"ProviderName\":\"NetBT\",\"Message\":\"The name \\u0022OFFICE         :20\\u0022 " + English + "\"}", TestName = "PowerShell's JSON")]
    [TestCase("The\u00A0name\u00A0\"OFFICE\u00A0\u00A0\u00A0:20\" " + English, TestName = "blanks that do not break")]
    [TestCase("&lt;Event&gt;&lt;EventID&gt;4321&lt;/EventID&gt;&lt;Data&gt;OFFICE         :20&lt;/Data&gt;&lt;Data&gt;10.0.0.5&lt;/Data&gt;&lt;Data&gt;10.0.0.9&lt;/Data&gt;", TestName = "XML out of a web page's source")]
    [TestCase("无法在 IP 地址为 10.0.0.5 的接口上注册名称“OFFICE         :20”。IP 地址为 10.0.0.9 的计算机不允许该计算机采用此名称。", TestName = "a language that names the interface first")]
    [TestCase("Source: NetBT\nEvent ID: 4321\nThe description for Event ID 4321 from source NetBT cannot be found.\n\nOFFICE         :20\n10.0.0.5\n10.0.0.9\n\nThe message resource is present", TestName = "strings without a text")]
    [TestCase("Event ID: 4321\nThe description for Event ID ( 4321 ) in Source ( NetBT ) cannot be found. The following information is part of the event: , OFFICE         :20, 10.0.0.5, 10.0.0.9.", TestName = "strings without a text, of old systems")]
    [TestCase("An error event occurred.  EventID: 0xC00010E1\n  Time Generated: 06/09/2021   12:36:32\n  Event String:\n  The name \"OFFICE      :20\" " + English, TestName = "dcdiag")]
    public void A4321_HasItsNameAndAddresses_WhateverItCameThrough(string text)
    {
        var pasted = Read(text);
        Assert.That(
            (pasted.Id, pasted.Name?.ToString(), pasted.InterfaceAddress?.ToString(), pasted.Address?.ToString()), Is.EqualTo((4321, "OFFICE<20>", "10.0.0.5", "10.0.0.9")));
    }

    [TestCase("My \"backup 12:30\" failed")]
    [TestCase("See \"http:80\" at 10.0.0.1")]
    [TestCase("12:42, 10.0.0.1, 10.0.0.2")]
    public void ANameAlone_MakesNo4321(string text) => Assert.That(PastedEvent.TryParse(text, out var pasted, out _) ? pasted.Id : null, Is.Null);

    [Test]
    public void AnAddressOfAnotherSentence_RefusedNothing()
    {
        var pasted = Read("NetBT 4321: The name \"OFFICE         :20\" could not be registered on the interface with IP address 10.0.0.5. The com" + new string('.', 200) + " our router is 10.0.0.1");
        Assert.That((pasted.InterfaceAddress?.ToString(), pasted.Address), Is.EqualTo(("10.0.0.5", (Ipv4Address?)null)));
    }

    [TestCase("c00010e1", 4321)]
    [TestCase(" 0xC00010DF\n", 4319)]
    [TestCase("Ein anderer Computer hat eine Namensfreigabemeldung an diesen Computer gesendet. Wahrscheinlich ist ein doppelter Name im TCP-Netzwerk aufgetreten.", 4320)]
    [TestCase("Ein doppelter Name wurde im TCP-Netzwerk entdeckt.", 4319)]
    [TestCase("Un nom en double a été détecté sur le réseau TCP.", 4319)]
    [TestCase("Un autre ordinateur a envoyé un message de libération de nom à cet ordinateur, probablement parce qu'un nom en double a été détecté sur le réseau TCP.", 4320)]
    [TestCase("È stato rilevato un nome duplicato nella rete TCP.", 4319)]
    [TestCase("Se ha detectado un nombre duplicado en la red TCP.", 4319)]
    [TestCase("Another machine has sent a name releasemessage to this machine", 4320)]
    [TestCase("An Error Event occured.  EventID: 0xC00010DF\n  (Event String could not be retrieved)", 4319)]
    [TestCase("Quelle: Server\nEreignis-ID:   2505", 2505)]
    [TestCase("ID de l’événement :2505", 2505)]
    [TestCase("Event ID '-1073737504' in Source 'NetBT'", 4320)]
    public void ACodeOrASentenceInOtherLanguages(string text, int id) => Assert.That((Read(text).Id, Read(text).Data), Is.EqualTo(((int?)id, (NetBtEventData?)null)));

    [TestCase("0 0 4 0 1 0 84 0 0 0 0 0 224 16 0 192 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 231 26 101 22")]
    [TestCase("0,0,4,0,1,0,84,0,0,0,0,0,224,16,0,192,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,231,26,101,22")]
    [TestCase("00000000  00 00 04 00 01 00 54 00  00 00 00 00 e0 10 00 c0  |......T.........|\n00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n00000020  00 00 00 00 00 00 00 00  e7 1a 65 16              |..........e.|\n0000002c\n")]
    [TestCase("Source: NetBT\nEvent ID: 4320\nData: 000004000100540000000000e01000c0000000000000000000000000000000000000000000000000e71a6516")]
    public void DataInOtherForms(string text)
    {
        Assert.That((Read(text).Id, Read(text).Address?.ToString()), Is.EqualTo((4320, "22.101.26.231")));
    }

    [Test]
    public void DecimalsThatPowerShellCutOff_AreSaidToBe()
    {
        var pasted = Read("Data               : {0, 0, 4, 0...}");
        Assert.That(pasted.Remarks, Has.Some.StartsWith("PowerShell left the rest of the data out"));
        Assert.That((pasted.Data, pasted.Address), Is.EqualTo(((NetBtEventData?)null, (Ipv4Address?)null)), "four octets of many are no address");
    }

    [TestCase("4226", "4226 is no event of NetBT: its events are 4300 to 4322.")]
    [TestCase("zz", "'z' in 'zz' is not a hex digit.")]
    [TestCase("", "There are no hex digits.")]
    [TestCase("\u001b[31m", "'\\u001b' in '\\u001b[31m' is not a hex digit.")]
    public void WhatIsNoEvent_IsRefused(string text, string error)
    {
        Assert.That(PastedEvent.TryParse(text, out _, out string? said), Is.False);
        Assert.That(said, Is.EqualTo(error));
    }

    private static PastedEvent Read(string text)
    {
        Assert.That(PastedEvent.TryParse(text, out var pasted, out string? error), Is.True, error);
        return pasted!;
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Events", "Pasted");
}
