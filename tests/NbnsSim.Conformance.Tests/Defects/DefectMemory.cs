using NbnsSim.Names;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>What a machine that is wrong on purpose remembers.</summary>
internal sealed class DefectMemory
{
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>The id of the last request that it sent.</summary>
    public ushort LastId { get; set; }

    /// <summary>To whom the last request went.</summary>
    public Ipv4Endpoint LastRemote { get; set; }

    /// <summary>Who claimed a name first.</summary>
    public Dictionary<NetBiosName, Ipv4Endpoint> Owners { get; } = [];

    /// <summary>The names that were claimed as groups.</summary>
    public HashSet<NetBiosName> Groups { get; } = [];

    /// <summary>The names that were claimed as unique.</summary>
    public HashSet<NetBiosName> Uniques { get; } = [];

    /// <summary>Whether it has stopped working.</summary>
    public bool IsDead { get; set; }

    /// <summary>How often something has happened, this time included.</summary>
    public int Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
