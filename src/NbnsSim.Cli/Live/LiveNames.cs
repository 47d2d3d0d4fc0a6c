using System.Collections.Immutable;
using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Live;

/// <summary>What the commands that ask others have in common.</summary>
internal static class LiveNames
{
    private static readonly Encoding Oem = CodePagesEncodingProvider.Instance.GetEncoding(850, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The argument <c>NAME[#SUFFIX]</c>, upper-cased as Windows does it; its octets are those of the OEM code page 850.</summary>
    public static Argument<NetBiosName> Argument() => new("NAME[#SUFFIX]")
    {
        Description = "The name with its suffix: NAME, NAME#20 or NAME<20>; upper-cased, and sent in code page 850, as Windows does.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ToOem(Upper(text)) is not { } octets || !NetBiosName.TryParse(octets, out var name))
            {
                result.AddError($"'{text}' is no NetBIOS name: expected NAME, NAME#20 or NAME<20>, at most 15 characters.");
                return default;
            }

            // X.LAB.EXAMPLE could be a name with dots or one in a scope, and the two find different machines.
            if (text.Contains('.', StringComparison.Ordinal) && !text.AsSpan().ContainsAny('<', '#', ':'))
                result.AddError($"'{text}' has dots: for a name in a scope say {text.Split('.')[0]} --scope {text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..]}; for dots in the name itself give its suffix, {text}#00.");
            return name;
        },
    };

    /// <summary>The option <c>--scope</c>.</summary>
    public static Option<NetBiosScope> Scope() => new("--scope")
    {
        Description = "The NetBIOS scope to ask in, case-sensitive: nodes of another scope do not answer.",
        HelpName = "SCOPE",
        DefaultValueFactory = _ => NetBiosScope.Empty,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (NetBiosScope.TryParse(text, out var scope))
                return scope;
            result.AddError($"'{text}' is no NetBIOS scope: expected labels of at most {NetBiosScope.MaxLabelLength} octets, joined by dots, {NetBiosScope.MaxEncodedLength} octets in all.");
            return NetBiosScope.Empty;
        },
    };

    /// <summary>The option <c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON objects, one a line." };

    /// <summary>Answered addresses as a JSON array.</summary>
    public static void WriteEntries(Utf8JsonWriter json, ImmutableArray<NbEntry> entries)
    {
        json.WriteStartArray("entries");
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("address", entry.Address.ToString());
            json.WriteBoolean("group", entry.Flags.IsGroup);
            json.WriteString("nodeType", entry.Flags.OwnerNodeType.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Where <paramref name="text"/> has letters that the octets of code page 850 mean, those octets as Latin-1 characters; null for others.</summary>
    private static string? ToOem(string text)
    {
        try
        {
            return Encoding.Latin1.GetString(Oem.GetBytes(text));
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Runs a request; what the network says against it becomes a message.</summary>
    public static async Task<T> TryAsync<T>(Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (SocketException e)
        {
            throw new BadInputException($"The request could not be sent: {e.Message}.");
        }
        catch (InvalidOperationException)
        {
            throw new BadInputException("No network with a broadcast address is up here: say whom to ask with --server ADDRESS, or where to broadcast with --broadcast ADDRESS.");
        }
    }

    /// <summary>The address that this machine sends from to get there; nothing is sent to find out.</summary>
    public static Ipv4Address LocalAddressTowards(Ipv4Endpoint target)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(target.Address.ToIPAddress(), target.Port);
            return Ipv4Address.FromIPAddress(((System.Net.IPEndPoint)socket.LocalEndPoint!).Address);
        }
        catch (SocketException)
        {
            return Ipv4Address.Any; // no way there: the request will say so
        }
    }

    /// <summary>The name in capitals, a scope left as it is: it is case-sensitive (Q163112).</summary>
    private static string Upper(string text)
    {
        int scope = text.IndexOf(">.", StringComparison.Ordinal);
        return scope < 0 ? text.ToUpperInvariant() : text[..scope].ToUpperInvariant() + text[scope..];
    }
}
