using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Protocol;

/// <summary>A line of an LMHOSTS file that maps a name.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Address">The address.</param>
/// <param name="Name">The name without suffix, at most fifteen octets; upper-cased unless it was quoted.</param>
/// <param name="Suffix">The sixteenth octet of a quoted name that spells it out (<c>"NAME           \0x14"</c>); null for a computer's name.</param>
public sealed record LmHostsEntry(int Line, Ipv4Address Address, string Name, NameSuffix? Suffix)
{
    /// <summary><c>#PRE</c>: loaded into the name cache at once.</summary>
    public bool IsPreloaded { get; init; }

    /// <summary><c>#DOM:</c> the domain whose controller it is.</summary>
    public string? Domain { get; init; }

    /// <summary><c>#MH</c>: one of several addresses.</summary>
    public bool IsMultihomed { get; init; }

    /// <summary><c>#SG</c>: the Internet group whose member it is.</summary>
    public string? SpecialGroup { get; init; }

    /// <summary>The names that a plain line is about: Workstation, Messenger and Server service, as WINS' import makes them.</summary>
    private static readonly NameSuffix[] ComputerSuffixes = [NameSuffix.Workstation, NameSuffix.Messenger, NameSuffix.Server];

    /// <summary>
    /// The names that the line gives its address to, without scope: a computer's unique <c>&lt;00&gt;</c>, <c>&lt;03&gt;</c> and <c>&lt;20&gt;</c>, or the
    /// one name that is quoted with its suffix; with <c>#DOM:</c> the domain's group <c>&lt;1C&gt;</c> too; with <c>#SG:</c> that group alone.
    /// </summary>
    public IEnumerable<(NetBiosName Name, bool IsGroup)> GetNames()
    {
        if (SpecialGroup is { } group)
            yield return (new NetBiosName(group, NameSuffix.Server), true);
        else if (Suffix is { } suffix)
            yield return (new NetBiosName(Name, suffix), false);
        else
        {
            foreach (var one in ComputerSuffixes)
                yield return (new NetBiosName(Name, one), false);
        }

        if (Domain is { } domain)
            yield return (new NetBiosName(domain, NameSuffix.DomainControllers), true);
    }
}

/// <summary>
/// An LMHOSTS file (MS-NBTE §2.2.3; Windows' <c>lmhosts.sam</c>, Q101927): <c>address name #keywords</c>, one a line. Whoever reads it says where included
/// files are; any other <c>#</c> starts a comment. Samba's <c>NAME#20</c> is a name and its suffix.
/// </summary>
public sealed class LmHostsFile
{
    /// <summary>As many as a name server keeps of one name (MS-NBTE §3.2.1).</summary>
    private const int MaxAddresses = 25;

    private LmHostsFile(ImmutableArray<LmHostsEntry> entries, ImmutableArray<LmHostsProblem> problems)
    {
        Entries = entries;
        Problems = problems;
    }

    /// <summary>The mappings, in the file's order.</summary>
    public ImmutableArray<LmHostsEntry> Entries { get; }

    /// <summary>The lines that could not be used.</summary>
    public ImmutableArray<LmHostsProblem> Problems { get; }

    /// <summary>Reads a file; never throws for what it says.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="open">
    /// Opens a file that <c>#INCLUDE</c> names: the path as it is written, and the name of the file that says so (null for the first); null where it cannot
    /// be read. Without this nothing is included. Paths of other machines (<c>\\\\server\share\file</c>) are not asked for.
    /// </param>
    public static LmHostsFile Parse(string text, Func<string, string?, LmHostsInclude?>? open = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new LmHostsReader(open);
        reader.Read(text, null);
        return new LmHostsFile(reader.Entries.ToImmutable(), reader.Problems.ToImmutable());
    }

    /// <summary>Looks a name up: a unique name has the address of the first line that maps it, and as long as those lines have <c>#MH</c>, of the next too (MS-NBTE §3.1.8); a group, of every line.</summary>
    /// <param name="name">The name; its scope does not count, for the file knows none.</param>
    /// <param name="isGroup">Whether it is a group.</param>
    /// <returns>The addresses, at most 25; none where no line maps the name.</returns>
    public ImmutableArray<Ipv4Address> Find(NetBiosName name, out bool isGroup)
    {
        var found = ImmutableArray.CreateBuilder<Ipv4Address>();
        isGroup = false;
        bool hasMany = true;
        foreach (var entry in Entries)
        {
            foreach (var (mapped, group) in entry.GetNames())
            {
                bool isOfMany = group || entry.IsMultihomed;
                if ((mapped.High, mapped.Low) != (name.High, name.Low) || found.Count == MaxAddresses || (found.Count > 0 && !(hasMany && group == isGroup)))
                    continue;
                (isGroup, hasMany) = (group, isOfMany);
                found.Add(entry.Address);
            }
        }

        return found.ToImmutable();
    }
}
