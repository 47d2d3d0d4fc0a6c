using System.Diagnostics.CodeAnalysis;

namespace NbnsSim.Names;

/// <summary>Which names somebody means: one name where a suffix was given, in any form that tools print, and all names that begin so where none was.</summary>
public sealed class NetBiosNameFilter
{
    private readonly string _text;
    private readonly NetBiosName? _name;

    private NetBiosNameFilter(string text, NetBiosName? name) => (_text, _name) = (text, name);

    /// <summary>Reads as <see cref="TryParse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException"><paramref name="text"/> means no names.</exception>
    public static NetBiosNameFilter Parse(string text) => TryParse(text, out var filter)
        ? filter
        : throw new FormatException($"'{VisibleText.Escape(text)}' is no NetBIOS name: expected NAME, NAME<20>, NAME#20 or NAME:20, at most 15 characters and two hex digits.");

    /// <summary>Reads what somebody wrote.</summary>
    /// <param name="text"><c>JSMITH&lt;03&gt;</c>, <c>JSMITH#03</c>, <c>JSMITH:03</c> or <c>*</c> for that name; <c>JSMITH</c> for names that begin with it.</param>
    /// <param name="filter">What it means, or null.</param>
    /// <returns>Whether it means any names; it does not where a suffix was begun and cannot be read.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NetBiosNameFilter? filter)
    {
        bool isExact = text == "*" || text.AsSpan().ContainsAny("<>#:");
        filter = text is not null && (NetBiosName.TryParse(text, out var name) || !isExact) ? new NetBiosNameFilter(text, isExact ? name : null) : null;
        return filter is not null;
    }

    /// <summary>Whether a name is meant. Case does not count, as people write; a scope counts where one was given.</summary>
    /// <param name="name">The name.</param>
    public bool Includes(in NetBiosName name) => _name is { } one
        ? name.Suffix == one.Suffix && name.BaseName.Equals(one.BaseName, StringComparison.OrdinalIgnoreCase) && (!one.HasScope || name.Scope.Equals(one.Scope))
        : name.BaseName.StartsWith(_text, StringComparison.OrdinalIgnoreCase);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;
}
