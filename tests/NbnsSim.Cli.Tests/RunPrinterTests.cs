using System.Text;
using NbnsSim.Cli.Running;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Tests;

public class RunPrinterTests
{
    private static string Run(NetBtDialect dialect, int width = 100)
    {
        var simulator = new Simulator(1);
        var subnet = Ipv4Subnet.Parse("10.0.0.0/24");
        var segment = simulator.AddSegment("office", subnet, TimeSpan.FromMilliseconds(0.5));
        HostId[] hosts =
        [
            .. new[] { ("ALPHA", "10.0.0.1"), ("BRAVO", "10.0.0.2") }.Select(host => simulator.AddHost(
                host.Item1,
                new EndNode(host.Item1, EndNodeInterface.InSubnet(Ipv4Address.Parse(host.Item2)), new EndNodeOptions { Dialect = dialect, Workgroup = "OFFICE" }, seed: 1),
                segment, Ipv4Address.Parse(host.Item2))),
        ];
        var recorder = new RunRecorder(simulator);
        simulator.AddObserver(recorder);
        foreach (var host in hosts)
        {
            simulator.Command<EndNode>(host, "boot", (node, now) => node.Boot(now));
            simulator.RunFor(TimeSpan.FromSeconds(15));
        }

        foreach (var host in hosts)
        {
            simulator.Command<EndNode>(host, "logon JSMITH", (node, now) => node.Logon(now, "JSMITH"));
            simulator.RunFor(TimeSpan.FromSeconds(30));
        }

        using var output = new MemoryStream();
        using (var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, colour: false, width, outputIsTerminal: false, errorIsTerminal: false))
            RunPrinter.Print(terminal, simulator, recorder);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    [Test]
    public void TheDayOfQ131739_OnNt35() => Assert.That(Run(NetBtDialect.WindowsNt35), Is.EqualTo("""

        ── What went over the wire ─────────────────────────────────────────────────────────────────────────
         seconds      ALPHA      office       BRAVO
                    10.0.0.1   10.0.0.255   10.0.0.2
           0.000        ◆           ║           │  ALPHA boots
           0.000        ├──────────▶║           │  register ALPHA<00>  ×3 (0.75 s apart)
           2.250        ├──────────▶║           │  claim (overwrite demand) ALPHA<00>
           2.250        ├──────────▶║           │  register OFFICE<00> (group)  ×3 (0.75 s apart)
           4.500        ├──────────▶║           │  claim (overwrite demand) OFFICE<00> (group)
           4.500        ├──────────▶║           │  register ALPHA<03>  ×3 (0.75 s apart)
           6.750        ├──────────▶║           │  claim (overwrite demand) ALPHA<03>
           6.750        ├──────────▶║           │  register ALPHA<20>, OFFICE<1E> (group)  ×3 (0.75 s apart)
           9.000        ├──────────▶║           │  claim (overwrite demand) ALPHA<20>, OFFICE<1E> (group)
                        │           ║           │
          15.000        │           ║           ◆  BRAVO boots
          15.000        │           ║◀──────────┤  register BRAVO<00>  ×3 (0.75 s apart)
          17.250        │           ║◀──────────┤  claim (overwrite demand) BRAVO<00>
          17.250        │           ║◀──────────┤  register OFFICE<00> (group)  ×3 (0.75 s apart)
          19.500        │           ║◀──────────┤  claim (overwrite demand) OFFICE<00> (group)
          19.500        │           ║◀──────────┤  register BRAVO<03>  ×3 (0.75 s apart)
          21.750        │           ║◀──────────┤  claim (overwrite demand) BRAVO<03>
          21.750        │           ║◀──────────┤  register BRAVO<20>, OFFICE<1E> (group)  ×3 (0.75 s apart)
          24.000        │           ║◀──────────┤  claim (overwrite demand) BRAVO<20>, OFFICE<1E> (group)
                        │           ║           │
          30.000        ◆           ║           │  JSMITH logs on at ALPHA
          30.000        ├──────────▶║           │  register JSMITH<03>  ×3 (0.75 s apart)
          32.250        ├──────────▶║           │  claim (overwrite demand) JSMITH<03>
                        │           ║           │
          60.000        │           ║           ◆  JSMITH logs on at BRAVO
          60.000        │           ║◀──────────┤  register JSMITH<03>
          60.001        ├───────────╫──────────▶│  refused, ACT_ERR: JSMITH<03>
          60.001        │           ║◀──────────┤  release JSMITH<03>  ×3 (0.75 s apart)
          60.002        ★           ║           │  event 4320, data 10.0.0.2: JSMITH<03> is now in Conflict

        ── ALPHA: System log ───────────────────────────────────────────────────────────────────────────────
        Event ID: 4320
        Source:   NetBT
        Type:     Error
        Time:     60.002 s
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
        0028: 02 00 00 0a               ....
        Data (words):
        0000: 00040000 00540001 00000000 c00010e0
        0010: 00000000 00000000 00000000 00000000
        0020: 00000000 00000000 0a000002

        ── BRAVO: System log ───────────────────────────────────────────────────────────────────────────────
        NetBT logged nothing on BRAVO.

        ── ALPHA: nbtstat -n ───────────────────────────────────────────────────────────────────────────────
        Node IpAddress: [10.0.0.1] Scope Id: []

                      NetBIOS Local Name Table

           Name                 Type        Status
           ---------------------------------------------
           ALPHA          <00>  UNIQUE      Registered
           OFFICE         <00>  GROUP       Registered
           ALPHA          <03>  UNIQUE      Registered
           ALPHA          <20>  UNIQUE      Registered
           OFFICE         <1E>  GROUP       Registered
           JSMITH         <03>  UNIQUE      Conflict

        ── BRAVO: nbtstat -n ───────────────────────────────────────────────────────────────────────────────
        Node IpAddress: [10.0.0.2] Scope Id: []

                      NetBIOS Local Name Table

           Name                 Type        Status
           ---------------------------------------------
           BRAVO          <00>  UNIQUE      Registered
           OFFICE         <00>  GROUP       Registered
           BRAVO          <03>  UNIQUE      Registered
           BRAVO          <20>  UNIQUE      Registered
           OFFICE         <1E>  GROUP       Registered

        ── What happened ───────────────────────────────────────────────────────────────────────────────────
           0.000  ALPHA boots. Nobody objects: ALPHA<00>, ALPHA<03> and ALPHA<20> are its own now, and it is
                  in groups OFFICE<00> and OFFICE<1E>.
          15.000  BRAVO boots. Nobody objects: BRAVO<00>, BRAVO<03> and BRAVO<20> are its own now, and it is
                  in groups OFFICE<00> and OFFICE<1E>.
          30.000  JSMITH logs on at ALPHA. Nobody objects: JSMITH<03> is ALPHA's now.
          60.000  JSMITH logs on at BRAVO. ALPHA holds JSMITH<03> and refuses it to BRAVO. BRAVO then
                  releases JSMITH<03>, which it never got [1]. ALPHA takes the release for its own
                  JSMITH<03> [2]: the name goes into Conflict, and the log of ALPHA gets event 4320 with the
                  address of BRAVO, 10.0.0.2, in its data.

        ── What is known, and what is our inference ────────────────────────────────────────────────────────
          documented    A node that holds a unique name refuses it to everybody else who claims it. (RFC
                        1002 §5.1.1.5)
          documented    Windows NT 3.5 logs event 4320 when a user logs on to two machines, though the
                        network works; Windows NT 3.51 corrects it. (Q131739)
          documented    The data of events 4319 and 4320 holds the address of whoever sent the message, at
                        offset 28, last octet first. (Q120752)
          inferred [1]  Windows NT 3.5 releases a user's name that it was refused at logon. (explains
                        Q131739, which names no mechanism)
          inferred [2]  Windows NT 3.5 takes a release of a name it holds for its own although the release
                        carries another machine's address. (explains Q131739, which names no mechanism)

        """));

    [Test]
    public void TheDayOfQ131739_OnNt351()
    {
        string[] lines = Run(NetBtDialect.WindowsNt351).Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.None.Contains("4320, data"));
            Assert.That(lines, Has.None.EndsWith("Conflict"));
            Assert.That(lines, Contains.Item("NetBT logged nothing on ALPHA and BRAVO."));
        });
    }

    [Test]
    public void EveryLineFits([Values(80, 100, 120)] int width) =>
        Assert.That(Run(NetBtDialect.WindowsNt35, width).Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(width));
}
