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

    /// <summary>What only LMHOSTS has tells the form, however many of its lines are mistakes, and each of those is named.</summary>
    [TestCase("10.0.0.8 \"MY PC\" #PRE\n300.1.1.1 BAD\nhost 10.0.0.9\n", new[] { 2, 3 })]
    [TestCase("10.0.0.8 DC1 #DOM:OFFICE\nDC2 10.0.0.9\nDC3 10.0.0.10\n", new[] { 2, 3 })]
    public void AnLmHostsFileOfMistakes(string text, int[] mistakes)
    {
        var read = PastedText.Read(text);
        Assert.That(read.Form, Is.EqualTo(PastedForm.LmHosts));
        Assert.That(read.Items.Where(item => item.IsTrouble).Select(item => item.Line), Is.EqualTo(mistakes));
    }

    private const string Rows = "WKST7          <00>  UNIQUE      Registered\nOFFICE         <00>  GROUP       Registered\nWKST7          <20>  UNIQUE      Conflict\n";

    private static IEnumerable<TestCaseData> Quoted()
    {
        yield return new TestCaseData("> " + Rows.Replace("\n", "\n>> ", StringComparison.Ordinal)).SetArgDisplayNames("a mail's marks");
        yield return new TestCaseData(Rows.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)).SetArgDisplayNames("entities");
        yield return new TestCaseData(Rows.Replace(' ', '\u00A0')).SetArgDisplayNames("blanks that do not break");
        yield return new TestCaseData(Rows.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal)).SetArgDisplayNames("all in one line");
        yield return new TestCaseData(Rows.Replace("UNIQUE      ", "UNIQUE\n", StringComparison.Ordinal).Replace("GROUP       ", "GROUP\n", StringComparison.Ordinal)).SetArgDisplayNames("wrapped");
        yield return new TestCaseData("`" + Rows.Replace("\n", " `\n` ", StringComparison.Ordinal)).SetArgDisplayNames("marks of code");
        yield return new TestCaseData("WKST7 <00>  Único  Registrado\nOFFICE <00>  Grupo  Registrado\nWKST7 <20>  Único  Conflicto\n").SetArgDisplayNames("Spanish");
        yield return new TestCaseData("WKST7 <00>  éNICO  Registrado\nOFFICE <00>  GRUPO  Registrado\nWKST7 <20>  éNICO  Conflicto\n").SetArgDisplayNames("Spanish, of a console's code page");
        yield return new TestCaseData("WKST7 <00>  Уникальный  Зарегистрирован\nOFFICE <00>  Группа  Зарегистрирован\nWKST7 <20>  Уникальный  Конфликт\n").SetArgDisplayNames("Russian");
        yield return new TestCaseData("WKST7 <00>  UNIKALNY  Zarejestrowana\nOFFICE <00>  GRUPA  Zarejestrowana\nWKST7 <20>  UNIKALNY  Konflikt\n").SetArgDisplayNames("Polish");
        yield return new TestCaseData("| Names:\n|   WKST7<00>            Flags: <unique><active>\n|   OFFICE<00>           Flags: <group><active>\n|   WKST7<20>            Flags: <unique><active><conflict>\n").SetArgDisplayNames("nmap");
    }

    [TestCaseSource(nameof(Quoted))]
    public void ATable_HoweverItCame(string text)
    {
        var read = PastedText.Read(text);
        Assert.That(read.Form, Is.EqualTo(PastedForm.NameTable));
        Assert.That(read.Items.Skip(1).Select(item => item.Subject), Is.EqualTo(new[] { "WKST7<00> unique, Registered", "OFFICE<00> group, Registered", "WKST7<20> unique, Conflict" }));
    }

    [TestCase("\u0001\u0002__MSBROWSE__\u0002<01>  GROUP  Registered")]
    [TestCase("☺☻__MSBROWSE__☻<01>  GROUP  Registered")]
    [TestCase("\\x01\\x02__MSBROWSE__\\x02<01>  Flags: <group><active>")]
    public void TheMasterBrowsersName_WhateverAConsoleMakesOfIt(string row) =>
        Assert.That(PastedText.Read(row).Items.Single().Subject, Is.EqualTo("<01><02>__MSBROWSE__<02><01> group, Registered"));

    [Test]
    public void ANameWithControlCharacters_IsARow()
    {
        var read = PastedText.Read("EV\u001b[31mIL      <00>  UNIQUE      Registered\nWK\u202eST7      <20>  UNIQUE      Conflict");
        Assert.That(read.Items.Select(item => item.Subject), Is.EqualTo(new[] { "The computer EV<1b>[31mIL", "EV<1b>[31mIL<00> unique, Registered", "WK?ST7<20> unique, Conflict" }));
    }

    [Test]
    public void SuffixesThatAWebPageAte_AreSaidToBeMissing()
    {
        var read = PastedText.Read("      NetBIOS-Namentabelle des Remotecomputers\n    WKST7            EINDEUTIG   Registriert\n    OFFICE           GRUPPE      Registriert\n    WKST7            EINDEUTIG   Konflikt\n");
        Assert.That(read.Items.Select(item => (item.Subject, item.Name, item.IsTrouble)), Is.EqualTo(new[]
        {
            ("WKST7 unique, Registered", (Names.NetBiosName?)null, false), ("OFFICE group, Registered", null, false), ("WKST7 unique, Conflict", null, true),
        }));
        Assert.That(read.Items[0].Meaning, Does.StartWith("its suffix in angle brackets is missing"));
    }

    [Test]
    public void ARowThatIsNotUnderstood_IsNotPassedOver()
    {
        var read = PastedText.Read("WKST7 <00>  UNIQUE  Registered\nWKST7 <20>  SÕNA  Tundmatu\nWKST7 <03>  UNIQUE  Tundmatu\n");
        Assert.That(read.Items.Select(item => (item.Line, item.Advice.IsEmpty)), Is.EqualTo(new[] { (0, true), (1, true), (3, false), (2, false) }));
    }

    [Test]
    public void ACacheWithoutTypeOrLife_SaysNoneOfThem()
    {
        Assert.That(PastedText.Read("SRV1  <20>    10.8.0.9      404").Items.Single().Meaning, Is.EqualTo("Server service; forgotten in 404 s."));
        Assert.That(PastedText.Read("SRV1  <20>  UNIQUE  10.8.0.9").Items.Single().Meaning, Is.EqualTo("Server service."));
    }

    [Test]
    public void AGroupInConflict_IsNoComputers() =>
        Assert.That(PastedText.Read("OFFICE         <00>  GROUP       Released").Items.Single().Meaning, Does.Contain("It is a group's name"));

    [TestCase("                     NetBIOS Connection Table\n\n    WKST7          <00>  Connected    Out   SRV1 <20>     6MB     5MB\n    WKST7          <03>  Listening\n", 2)]
    [TestCase("                     Table de connexion NetBIOS\n\n    WKST7          <00>  Connect\u0082     Out   10.8.0.9              6Mo     5Mo\n", 1)]
    [TestCase("Ethernet:\nNode IpAddress: [10.8.0.5] Scope Id: []\n\n    No Connections\n", 1)]
    public void Sessions(string text, int count)
    {
        var read = PastedText.Read(text);
        Assert.That((read.Form, read.Items.Length, read.Items.Any(item => item.IsTrouble)), Is.EqualTo((PastedForm.Sessions, count, false)));
    }

    [TestCase("    NetBT is not bound to any devices", true)]
    [TestCase("    The NetBIOS names registered by this computer have been refreshed.", false)]
    [TestCase("System error 52 has occurred.\n\nA duplicate name exists on the network.", true)]
    [TestCase("querying WKST7 on 10.8.0.255\nname_query failed to find name WKST7\n", true)]
    [TestCase("    H\u0093te introuvable.", true)]
    public void ALineOfItsOwn(string text, bool isTrouble) =>
        Assert.That((PastedText.Read(text).Form, PastedText.Read(text).Items.Single().IsTrouble), Is.EqualTo((PastedForm.Message, isTrouble)));

    [Test]
    public void AnswersOfNmblookup_AreNoLmHosts()
    {
        var read = PastedText.Read("querying SRV1 on 10.8.0.255\n10.8.0.5 SRV1<20>\n10.8.0.9 SRV1<20>\n10.8.0.2 OFFICE<1c>\n");
        Assert.That(read.Form, Is.EqualTo(PastedForm.Answers));
        Assert.That(read.Items.Select(item => (item.Subject, item.IsTrouble)), Is.EqualTo(new[] { ("SRV1<20> is at 2 addresses: 10.8.0.5, 10.8.0.9", true), ("OFFICE<1C> is at 10.8.0.2", false) }));
    }

    [TestCase("  register_name_response: Answer name OFFICE<00> differs from question name OFFICE<1c>.", "OFFICE<00>", "does not take it")]
    [TestCase("  become_local_master_fail2: failed to register name OFFICE<1d> on subnet 10.8.0.245. Failed to become a local master\nbrowser.", "OFFICE<1D>", "this one is none")]
    [TestCase("  become_domain_master_fail: Failed to become a domain master browser for workgroup OFFICE on subnet 10.8.0.5. Couldn't register name OFFICE<1b>.", "OFFICE<1B>", "another machine has it, or")]
    [TestCase("May 20 09:38:24 tux nmbd[6577]:   process_name_refresh_request: unicast name registration request received for name BETA1<20> from IP 10.8.0.3 on subnet UNICAST_SUBNET.", "BETA1<20>", "as to a WINS server")]
    [TestCase("  process_nmb_request: Multihomed registration request must be directed at a WINS server.", null, "as to a WINS server")]
    [TestCase("  wins_registration_timeout: WINS server 10.8.0.1 timed out registering IP 10.8.0.5", null, "did not answer")]
    [TestCase("  send_packet: Packet send failed to 10.8.0.255(137) ERRNO=Operation not permitted", null, "a local firewall")]
    [TestCase("> register_name_response: WINS server at IP 10.8.0.1 rejected our name registration of ASTRA<00> IP 10.8.0.124 with error\n> code 1.", "ASTRA<00>", "Code 1")]
    public void OneLineOfNmbd(string text, string? name, string meaning)
    {
        var read = PastedText.Read(text);
        Assert.That((read.Form, read.Items.Single().Name?.ToString()), Is.EqualTo((PastedForm.NmbdLog, name)));
        Assert.That(read.Items.Single().Meaning, Does.Contain(meaning));
    }

    [Test]
    public void ANameThatNobodyAnswersFor_IsNotSaidToBeAnothersToo()
    {
        var item = PastedText.Read("  Unable to find the Domain Master Browser name OFFICE<1b> for the workgroup OFFICE.").Items.Single();
        Assert.That(item.Meaning, Does.Not.Contain("another machine is it"));
    }

    [Test]
    public void ALineThatAsksForNames_IsNoCache() =>
        Assert.That(PastedText.Read("  process_node_status_request: status request for name __MSBROWSE__<01> from IP 10.8.0.146 on subnet UNICAST_SUBNET - name not found.").Form, Is.EqualTo(PastedForm.NmbdLog));

    [TestCase("")]
    [TestCase("Samba: Ignoring unknown parameter \"foo\"")]
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
