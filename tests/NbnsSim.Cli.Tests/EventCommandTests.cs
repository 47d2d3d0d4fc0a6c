using System.Text;

namespace NbnsSim.Cli.Tests;

public class EventCommandTests
{
    private const string Q314696 = "0000: 00040000 00540001 00000000 c00010e0\n0010: 00000000 00000000 00000000 00000000\n0020: 00000000 00000000 0168fc82\n";

    [Test]
    public void Q314696_IsReadAndPrinted()
    {
        var run = ToolRun.Of("event", Q314696);
        Assert.That(run, Is.EqualTo(new ToolRun(0, """
            Event ID: 4320 (0xC00010E0, EVENT_NBT_NAME_RELEASE)
            Source:   NetBT
            Type:     Error
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
            0028: 82 fc 68 01               ..h.
            Data (words):
            0000: 00040000 00540001 00000000 c00010e0
            0010: 00000000 00000000 00000000 00000000
            0020: 00000000 00000000 0168fc82

            Address: 1.104.252.130 sent the message. Ask who that is with: nbtstat -A 1.104.252.130

            What to do:
              - Run nbtstat -n on the machine that logged it, soon: the name in the state Conflict is the one
                that was released.
              - nbtstat -A 1.104.252.130 says who the other is: another machine that gave up the same name, or
                the WINS server that gave it to somebody else.
              - Where the name ends in <03> it is a user's, who is logged on to two machines: harmless
                (Q131739).
              - Otherwise look for a second machine of that name, or a static WINS record (Q164016). Where there
                is neither, somebody may be forging releases (MS00-047): NoNameReleaseOnDemand=1 (Q269239).

            """, "")));
    }

    [Test]
    public void ADumpThatTheShellTookApart_IsReadToo() =>
        Assert.That(ToolRun.Of(["event", .. Q314696.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]).Output, Is.EqualTo(ToolRun.Of("event", Q314696).Output));

    [Test]
    public void Dash_ReadsStandardInput() =>
        Assert.That(ToolRun.With(Encoding.UTF8.GetBytes(Q314696), ["event", "-"]).Output, Is.EqualTo(ToolRun.Of("event", Q314696).Output));

    [Test]
    public void Json_BeginsWithTheData() =>
        Assert.That(ToolRun.Of("event", "--json", Q314696).Lines.First() + "\n", Is.EqualTo(
            "{\"schemaVersion\":1,\"type\":\"eventData\",\"eventId\":4320,\"code\":\"0xC00010E0\",\"source\":\"NetBT\",\"address\":\"1.104.252.130\"," +
            "\"description\":\"Another machine has sent a name release message to this machine probably because a duplicate name has been detected on the TCP network. " +
            "The IP address of the node that sent the message is in the data. Use nbtstat -n in a command window to see which name is in the Conflict state.\"," +
            "\"data\":\"0000040001005400" + "00000000e01000c0" + "000000000000000000000000000000000000000000000000" + "82fc6801\",\"remarks\":[]}\n"));

    [TestCase("no-such-log.evtx", 3, "nbnssim: There is no file 'no-such-log.evtx'.\n")]
    [TestCase("00 zz", 3, "nbnssim: 'z' in 'zz' is not a hex digit.\n")]
    [TestCase("", 3, "nbnssim: It is empty.\n")]
    [TestCase("nothing of the kind", 3, "nbnssim: Nothing in this text is known. What is: an event's number, text, XML or data in hex; a log (.evtx, .evt, XML, CSV, JSON, the lists of wevtutil and PowerShell); " +
        "what nbtstat or nmblookup prints; lines of Samba's log.nmbd; an LMHOSTS file. Of an event in another language its number is enough.\n")]
    [TestCase("0000040001005400 00000000e01000c0", 3, "")] // cut off before the address
    [TestCase("e71a6516", 0, "")]
    public void BadInput_EndsWith3(string text, int code, string error)
    {
        var run = ToolRun.Of("event", text);
        Assert.That(run.ExitCode, Is.EqualTo(code));
        Assert.That(run.Error, Is.EqualTo(error));
    }
}
