using NbnsSim.Reports.Pasted;

namespace NbnsSim.Reports.Tests.Pasted;

/// <summary>Tables, log lines and files that people paste: what they are, and what they mean.</summary>
public sealed class PastedTextTests
{
    [TestCase("""
        Local Area Connection:
        Node IpAddress: [10.0.0.1] Scope Id: []

                        NetBIOS Local Name Table

               Name               Type         Status
            ---------------------------------------------
            ALPHA          <00>  UNIQUE      Registered
            OFFICE         <00>  GROUP       Registered
            JSMITH         <03>  UNIQUE      Conflict
            ..__MSBROWSE__.<01>  GROUP       Registered
        """)]
    [TestCase("""
        Ethernet:
        Knoten-IP-Adresse: [10.0.0.1] Bereichskennung: []

                        NetBIOS-Namentabelle des lokalen Computers

               Name               Typ          Status
            ---------------------------------------------
            ALPHA          <00>  EINDEUTIG    Registriert
            OFFICE         <00>  GRUPPE       Registriert
            JSMITH         <03>  EINDEUTIG    Konflikt
            ..__MSBROWSE__.<01>  GRUPPE       Registriert
        """)]
    [TestCase("""
        Connexion au réseau local :
        Adresse IP du nœud : [10.0.0.1] ID d'étendue : []
                       Table nom local NetBIOS
               Nom                Type         État
            ---------------------------------------------
            ALPHA <00> UNIQUE Inscrit
            OFFICE <00> Groupe Inscrit
            JSMITH <03> UNIQUE Conflit
            ??__MSBROWSE__? <01> Groupe Inscrit
        """)]
    [TestCase("""
        Looking up status of 10.0.0.1
        	ALPHA           <00> -         B <ACTIVE>
        	OFFICE          <00> - <GROUP> B <ACTIVE>
        	JSMITH          <03> -         B <CONFLICT> <ACTIVE>
        	..__MSBROWSE__. <01> - <GROUP> B <ACTIVE>

        	MAC Address = 00-00-00-00-00-00
        """)]
    public void ATableOfNames_InAnyLanguageAndWidth(string text)
    {
        var read = PastedText.Read(text);
        Assert.That(read.Form, Is.EqualTo(PastedForm.NameTable));
        Assert.That(read.Items[0].Subject, Is.EqualTo("The computer ALPHA"));
        Assert.That(read.Items[0].Meaning, Does.StartWith("in the domain or workgroup OFFICE; logged on: JSMITH"));
        Assert.That(read.Items.Skip(1).Select(item => item.Subject), Is.EqualTo(new[]
        {
            "ALPHA<00> unique, Registered", "OFFICE<00> group, Registered", "JSMITH<03> unique, Conflict", "<01><02>__MSBROWSE__<02><01> group, Registered",
        }));
        Assert.That(read.Items.Where(item => item.IsTrouble).Select(item => $"{item.Name}"), Is.EqualTo(new[] { "JSMITH<03>" }));
        Assert.That(read.Items[3].Meaning, Does.Contain("Q131739"));
    }

    [TestCase("Name              Type       Host Address    Life [sec]\n------\nBRAVO          <20>  UNIQUE          10.0.0.2            455\nDC             <1C>  GROUP           10.0.0.9            -1\n")]
    [TestCase("  BRAVO <20> EINDEUTIG 10.0.0.2 455\r\n  DC <1C> GRUPPE 10.0.0.9 -1\r\n")]
    public void ACache(string text)
    {
        var read = PastedText.Read(text);
        Assert.That(read.Form, Is.EqualTo(PastedForm.Cache));
        Assert.That(read.Items.Select(item => ($"{item.Name}", $"{item.Address}")), Is.EqualTo(new[] { ("BRAVO<20>", "10.0.0.2"), ("DC<1C>", "10.0.0.9") }));
        Assert.That(read.Items.Select(item => item.Meaning), Is.EqualTo(new[] { "Server service; forgotten in 455 s.", "domain controllers; preloaded from LMHOSTS (#PRE), for good." }));
    }

    [TestCase("Resolved By Broadcast     = 12\nResolved By Name Server   = 0\n\nRegistered By Broadcast   = 9\nRegistered By Name Server = 0\n")]
    [TestCase("Durch Broadcast aufgelöst  = 12\nDurch Namenserver aufgelöst = 0\nDurch Broadcast registriert = 9\nDurch Namenserver registriert = 0\n")]
    public void Statistics(string text)
    {
        var read = PastedText.Read(text);
        Assert.That(read.Form, Is.EqualTo(PastedForm.Statistics));
        Assert.That(read.Items[0].Subject, Is.EqualTo("12 names resolved by broadcast, 0 by name server"));
        Assert.That(read.Items[1].Meaning, Does.Contain("no name server"));
    }

    [TestCase("Host not found.")]
    [TestCase("    Host nicht gefunden.")]
    public void NobodyAnswered(string text) => Assert.That(PastedText.Read(text).Items.Single().IsTrouble, Is.True);

    [Test]
    public void LinesOfNmbd()
    {
        var read = PastedText.Read("""
            [2005/03/01 10:11:12, 0] nmbd/nmbd_namequery.c:query_name_response(101)
              query_name_response: Multiple (2) responses received for a query on subnet 192.168.1.10 for name OFFICE<1d>.
              This response was from IP 192.168.1.20, reporting an IP address of 192.168.1.20.
            [2005/03/01 10:11:13, 0] nmbd/nmbd_nameregister.c:register_name_response(130)
              register_name_response: server at IP 192.168.1.2 rejected our name registration of ALPHA<20> IP 192.168.1.3 with error code 6.
            """);
        Assert.That(read.Form, Is.EqualTo(PastedForm.NmbdLog));
        Assert.That(
            read.Items.Select(item => (item.Line, item.Name?.ToString(), item.Address?.ToString(), item.IsTrouble)),
            Is.EqualTo(new (int, string?, string?, bool)[] { (2, "OFFICE<1D>", "192.168.1.10", true), (3, null, "192.168.1.20", false), (5, "ALPHA<20>", "192.168.1.2", true) }));
        Assert.That(read.Items[0].Meaning, Does.Contain("an election settles it"));
        Assert.That(read.Items[2].Meaning, Does.Contain("another machine owns the name").IgnoreCase);
    }

    [Test]
    public void AnLmHostsFile()
    {
        var read = PastedText.Read("# ours\n10.0.0.9  DC1  #PRE #DOM:OFFICE\n10.0.0.2\tBRAVO\n");
        Assert.That(read.Form, Is.EqualTo(PastedForm.LmHosts));
        Assert.That(read.Items.Select(item => (item.Line, $"{item.Address}")), Is.EqualTo(new[] { (2, "10.0.0.9"), (3, "10.0.0.2") }));
        Assert.That(read.Items[0].Meaning, Is.EqualTo("a domain controller of OFFICE; in the cache from the start (#PRE), so that nobody is asked."));
    }

    [TestCase("")]
    [TestCase("e71a6516")]
    [TestCase("0000: 00 00 04 00 01 00 54 00")]
    [TestCase("A duplicate name has been detected on the TCP network.")]
    [TestCase("some text <b>of</b> another kind")]
    public void OtherTexts_AreNone(string text) => Assert.That(PastedText.Read(text).Form, Is.EqualTo(PastedForm.Unknown));

    [Test]
    public void AnyTextIsReadToItsEnd()
    {
        const string characters = " \t\n<>[]{}=:;,.#\"'01fFaGUNIQGRUPPE\u0000\u001b\ud800é–";
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            string text = string.Create(random.Next(200), random, static (span, from) =>
            {
                for (int at = 0; at < span.Length; at++)
                    span[at] = characters[from.Next(characters.Length)];
            });
            Assert.That(() => PastedText.Read(text), Throws.Nothing);
        }
    }
}
