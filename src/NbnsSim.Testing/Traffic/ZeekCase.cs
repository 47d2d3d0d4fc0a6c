using System.Globalization;
using System.Text;

namespace NbnsSim.Testing.Traffic;

/// <summary>
/// A run as a case for Zeek, laid out as its project's own tests are (btest). Zeek's DNS analyzer reads UDP 137 and raises <c>dns_message</c> for each datagram that has a header, whatever its opcode;
/// which opcodes <c>dns.log</c> has differs between its versions, so that the case counts messages by opcode, direction and rcode instead.
/// </summary>
internal static class ZeekCase
{
    private const int Header = 12;

    private const string Body =
        """
        # @TEST-EXEC: zeek -b -C -r $TRACES/{0}.pcap %INPUT > output
        # @TEST-EXEC: btest-diff output

        @load base/protocols/dns

        global seen: table[count, bool, count] of count &default=0;

        event dns_message(c: connection, is_orig: bool, msg: dns_msg, len: count)
        	{
        	seen[msg$opcode, msg$QR, msg$rcode] = seen[msg$opcode, msg$QR, msg$rcode] + 1;
        	}

        event zeek_done()
        	{
        	local opcode = 0;
        	while ( opcode < 16 )
        		{
        		local rcode = 0;
        		while ( rcode < 16 )
        			{
        			if ( [opcode, F, rcode] in seen )
        				print fmt("opcode %d request rcode %d: %d", opcode, rcode, seen[opcode, F, rcode]);
        			if ( [opcode, T, rcode] in seen )
        				print fmt("opcode %d response rcode %d: %d", opcode, rcode, seen[opcode, T, rcode]);
        			++rcode;
        			}
        		++opcode;
        		}
        	}

        """;

    /// <summary>btest's settings.</summary>
    public static string Configuration =>
        """
        [btest]
        TestDirs    = nbns
        TmpDir      = %(testbase)s/.tmp
        BaselineDir = %(testbase)s/Baseline

        [environment]
        TRACES=%(testbase)s/Traces

        """;

    /// <summary>The test.</summary>
    public static string Script(TrafficRun run) => $"# {TrafficFile.Title(run)}\n{Body.Replace("{0}", TrafficFile.NameOf(run), StringComparison.Ordinal)}";

    /// <summary>What it prints.</summary>
    public static string Output(TrafficRun run)
    {
        var seen = new SortedDictionary<(int Opcode, int Rcode, bool IsResponse), int>();
        foreach (var sighting in run.Mirror.Where(sighting => sighting.Payload.Length >= Header))
        {
            var octets = sighting.Payload.Span;
            var key = (octets[2] >> 3 & 0xF, octets[3] & 0xF, octets[2] >= 0x80);
            seen[key] = seen.GetValueOrDefault(key) + 1;
        }

        var text = new StringBuilder();
        foreach (var ((opcode, rcode, isResponse), count) in seen)
            text.Append(CultureInfo.InvariantCulture, $"opcode {opcode} {(isResponse ? "response" : "request")} rcode {rcode}: {count}\n");
        return text.ToString();
    }
}
