using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using NbnsSim.Names;

namespace NbnsSim.Cli.Live;

/// <summary>What the commands that ask others have in common.</summary>
internal static class LiveNames
{
    /// <summary>The argument <c>NAME[#SUFFIX]</c>.</summary>
    public static Argument<NetBiosName> Argument(string description) => new("NAME[#SUFFIX]")
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!NetBiosName.TryParse(Upper(text), out var name))
                result.AddError($"'{text}' is no NetBIOS name: expected NAME, NAME#20 or NAME<20>, at most 15 characters.");
            return name;
        },
    };

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
        catch (InvalidOperationException e)
        {
            throw new BadInputException(e.Message);
        }
    }

    /// <summary>The address that this machine sends from to get there; nothing is sent to find out.</summary>
    public static Ipv4Address LocalAddressTowards(Ipv4Endpoint target)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(IPAddress.Parse(target.Address.ToString()), target.Port);
            return Ipv4Address.Parse(((IPEndPoint)socket.LocalEndPoint!).Address.ToString());
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
