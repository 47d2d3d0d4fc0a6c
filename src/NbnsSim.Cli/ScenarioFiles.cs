using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli;

/// <summary>Scenarios by name or file.</summary>
internal static class ScenarioFiles
{
    /// <summary>A built-in scenario, a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="BadInputException">There is none, or it has mistakes; the message has them all, a line each.</exception>
    public static Scenario Open(Terminal terminal, string nameOrFile)
    {
        if (nameOrFile != "-" && BuiltInScenarios.Find(nameOrFile) is { } builtIn)
            return builtIn;
        if (nameOrFile != "-" && !File.Exists(nameOrFile))
            throw NoSuch(nameOrFile);
        using var input = terminal.OpenFile(nameOrFile);
        return Read(input, nameOrFile);
    }

    /// <summary>A scenario from an open stream.</summary>
    /// <exception cref="BadInputException">It has mistakes.</exception>
    public static Scenario Read(Stream input, string path)
    {
        try
        {
            return Scenario.Read(input, CaptureFiles.Title(path));
        }
        catch (ScenarioException e)
        {
            throw new BadInputException(e.Mistakes.Select(mistake => mistake.ToString()));
        }
    }

    public static BadInputException NoSuch(string name) =>
        new(
        [
            $"There is no scenario and no file '{name}'.{Suggestion.For(name, BuiltInScenarios.Names)}",
            "Built-in scenarios ('nbnssim scenarios' says what each shows):",
            .. TextColumns.Wrap(string.Join(", ", BuiltInScenarios.Names), 90).Select(line => "  " + line),
        ]);
}
