namespace NbnsSim.Conformance.Reports;

/// <summary>Where cases may be sent without being asked twice: they claim, release and refuse names, which a network that is in use does not bear.</summary>
internal static class NetworkPermit
{
    private static readonly Ipv4Subnet Loopback = Ipv4Subnet.Parse("127.0.0.0/8");

    /// <summary>Whether an address is of this machine alone.</summary>
    public static bool IsLoopback(Ipv4Address address) => Loopback.Contains(address);

    /// <summary>Whether this process is in a network namespace of its own (Linux): the machine's networks are not reached from there. Where that cannot be told it is not.</summary>
    /// <param name="proc">The folder of processes.</param>
    public static bool IsApart(string proc = "/proc")
    {
        try
        {
            return File.ResolveLinkTarget($"{proc}/self/ns/net", returnFinalTarget: false)?.Name is { } own && File.ResolveLinkTarget($"{proc}/1/ns/net", returnFinalTarget: false)?.Name is { } first && own != first;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
