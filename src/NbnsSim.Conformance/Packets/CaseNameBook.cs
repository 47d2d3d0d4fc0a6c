using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Conformance;

/// <summary>The names of one run of a case: what the peer holds, and fresh ones that nobody has.</summary>
/// <param name="subject">The peer's names.</param>
/// <param name="stem">What fresh names start with, at most eleven characters.</param>
/// <param name="fresh">The fresh name, where it is a given one; else made from the stem.</param>
internal sealed class CaseNameBook(SubjectNames subject, string stem, NetBiosName? fresh = null)
{
    /// <summary>Whether a blank can be filled in.</summary>
    public bool Has(string blank) => blank.StartsWith("new", StringComparison.Ordinal) || Held(blank) is not null;

    /// <summary>A name as a case writes it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public NetBiosName this[string text] => Resolve(text);

    private NetBiosName Resolve(string text)
    {
        if (text == "*")
            return NetBiosName.Wildcard;
        if (text == "*spaces")
            return new NetBiosName("*               "u8);
        if (text.StartsWith("lower(", StringComparison.Ordinal) && text.IndexOf(')') is > 0 and int end)
            return Ending(Lower(Resolve(text[6..end])), text[(end + 1)..]);
        if (text is ['{', ..] && text.IndexOf('}') is > 0 and int close)
            return Ending(Blank(text[1..close]), text[(close + 1)..]);
        int scope = text.IndexOf(">.", StringComparison.Ordinal);
        return scope < 0 ? NetBiosName.Parse(text) : NetBiosName.Parse(text[..(scope + 1)]).WithScope(NetBiosScope.Parse(text[(scope + 2)..]));
    }

    private NetBiosName Blank(string blank) => blank == "new" && fresh is { } given ? given : blank.StartsWith("new", StringComparison.Ordinal)
        ? new NetBiosName(stem + (blank.Length == 3 ? "1" : blank[3..]), (NameSuffix)0x20)
        : Held(blank) ?? throw new FormatException($"The peer has no {{{blank}}}.");

    private NetBiosName? Held(string blank) => blank switch
    {
        "unique" => subject.Unique.IsEmpty ? null : subject.Unique[0],
        "unique2" => subject.Unique.Length < 2 ? null : subject.Unique[1],
        "group" => subject.Groups.IsEmpty ? null : subject.Groups[0],
        "server" => subject.Server,
        _ => null,
    };

    private static NetBiosName Ending(NetBiosName name, string ending)
    {
        if (ending is ['<', var high, var low, '>', ..])
        {
            name = name.WithSuffix((NameSuffix)byte.Parse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            ending = ending[4..];
        }

        return ending switch
        {
            "" => name,
            ['.', .. var scope] => name.WithScope(NetBiosScope.Parse(scope)),
            _ => throw new FormatException($"\"{ending}\" behind a name is no suffix and no scope."),
        };
    }

    private static NetBiosName Lower(NetBiosName name)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        name.CopyTo(octets);
        foreach (ref byte octet in octets[..NetBiosName.BaseSize])
            octet = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        return new NetBiosName(octets, name.HasScope ? name.Scope : null);
    }
}
