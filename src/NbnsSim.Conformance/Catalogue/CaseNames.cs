using System.Collections.Immutable;

namespace NbnsSim.Conformance;

/// <summary>Which blanks for names a case has.</summary>
internal static class CaseNames
{
    /// <summary>The blanks, each once.</summary>
    public static ImmutableArray<string> Of(CaseData data)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var step in data.Steps)
        {
            foreach (var packet in step.Packets())
                Collect(found, [packet.Name, packet.Raw, packet.RrName, packet.ServerName, .. packet.Names ?? []]);
            foreach (var matcher in step.Matchers())
                Collect(found, [matcher.Name, .. matcher.Names ?? [], .. matcher.NoNames ?? [], .. matcher.Groups ?? [], .. matcher.Conflict?.All ?? []]);
            Collect(found, [step.Name]);
        }

        return [.. found];
    }

    private static void Collect(SortedSet<string> found, ReadOnlySpan<string?> texts)
    {
        foreach (string? text in texts)
            Add(found, text);
    }

    private static void Add(SortedSet<string> found, string? text)
    {
        if (text is null)
            return;
        int open = -1;
        while ((open = text.IndexOf('{', open + 1)) >= 0 && text.IndexOf('}', open) is > 0 and int close)
        {
            string blank = text[(open + 1)..close];
            if (blank is "unique" or "unique2" or "group" or "server" || blank.StartsWith("new", StringComparison.Ordinal))
                found.Add(blank);
        }
    }
}
