using System.Globalization;

namespace NbnsSim.Protocol;

/// <summary>A line of an LMHOSTS file that could not be used; the other lines are.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Problem">What is wrong with it, and what was expected; what it quotes is escaped (<see cref="VisibleText"/>).</param>
public sealed record LmHostsProblem(int Line, string Problem)
{
    /// <summary>The included file that it is in; null for the first.</summary>
    public string? File { get; init; }

    /// <summary>As compilers print it.</summary>
    /// <param name="file">What the first file is called.</param>
    public string Format(string file) => string.Create(CultureInfo.InvariantCulture, $"{VisibleText.Escape(File ?? file)}({Line}): {Problem}");
}

/// <summary>A file that an LMHOSTS file includes.</summary>
/// <param name="Name">Its name in full, by which it is known again.</param>
/// <param name="Text">Its text.</param>
public sealed record LmHostsInclude(string Name, string Text);
