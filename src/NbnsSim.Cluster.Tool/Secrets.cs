using System.Text.RegularExpressions;

namespace NbnsSim.Cluster.Tool;

/// <summary>What must not be printed: passwords that this process was given.</summary>
internal static partial class Secrets
{
    private static volatile string[] _all = [];

    /// <summary>Notes a password, as it is and as a part of a URI.</summary>
    public static void Add(string? password)
    {
        if (!string.IsNullOrEmpty(password))
            _all = [.. _all, password, Uri.EscapeDataString(password)];
    }

    /// <summary>A text without them, and without what stands where a password does.</summary>
    public static string Redact(string text) =>
        Places().Replace(_all.Aggregate(text, (seen, secret) => seen.Replace(secret, "***", StringComparison.Ordinal)), "***");

    [GeneratedRegex(@"(?<=://)[^@/\s\[]*(?=@)|(?<=password=)[^,\s]+", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Places();
}
