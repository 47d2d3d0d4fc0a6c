using System.Buffers;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>Words of a command line that is printed to be given again.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=%,+@");

    /// <summary>The word as a POSIX shell takes it.</summary>
    /// <param name="word">The word.</param>
    public static string Quote(string word) => word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
