using System.Globalization;

namespace NbnsSim.Scenarios;

/// <summary>A mistake in a scenario file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line; the first is 1.</param>
/// <param name="Column">The character in the line; the first is 1.</param>
/// <param name="Message">What is wrong and what was expected; what it quotes is escaped (<see cref="VisibleText"/>).</param>
public sealed record ScenarioMistake(string File, int Line, int Column, string Message)
{
    /// <summary>As compilers print it: <c>office.json(12,15): 'at' …</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{VisibleText.Escape(File)}({Line},{Column}): {Message}");
}
