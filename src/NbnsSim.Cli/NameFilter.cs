using System.CommandLine;
using NbnsSim.Names;

namespace NbnsSim.Cli;

/// <summary>The option <c>--name</c>: one name where a suffix is given, in any form that tools print, and all names that begin so where none is.</summary>
internal sealed class NameFilter
{
    private readonly string _text;
    private readonly NetBiosName? _name;

    private NameFilter(string text, NetBiosName? name) => (_text, _name) = (text, name);

    public static Option<NameFilter?> Option() => new("--name")
    {
        Description = "Only this name (JSMITH<03>, JSMITH#03, 'JSMITH         :3'), or names that begin with this (JSMITH).",
        HelpName = "NAME",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            bool exact = text == "*" || text.AsSpan().ContainsAny("<>#:");
            if (NetBiosName.TryParse(text, out var name) || !exact)
                return new NameFilter(text, exact ? name : null);
            result.AddError($"'{text}' is no NetBIOS name: expected NAME, NAME<20>, NAME#20 or NAME:20, at most 15 characters and two hex digits.");
            return null;
        },
    };

    /// <summary>Whether the name is meant. Case does not count, as people write; a scope counts where one was given.</summary>
    public bool Fits(in NetBiosName name) => _name is { } one
        ? name.Suffix == one.Suffix && name.BaseName.Equals(one.BaseName, StringComparison.OrdinalIgnoreCase) && (!one.HasScope || name.Scope.Equals(one.Scope))
        : name.BaseName.StartsWith(_text, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => _text;
}
