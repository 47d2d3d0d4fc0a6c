using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli;

/// <summary>Scenarios by name or file.</summary>
internal static class ScenarioFiles
{
    private const int MaxStandardInput = 16 * 1024 * 1024; // what Scenario.Load takes of a file

    /// <summary>A built-in scenario, a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="BadInputException">There is none, or it has mistakes; the message has them all, a line each.</exception>
    public static Scenario Open(Terminal terminal, string nameOrFile)
    {
        try
        {
            if (nameOrFile == "-")
            {
                using var input = terminal.OpenInput();
                return Read(input, nameOrFile);
            }

            if (BuiltInScenarios.Find(nameOrFile) is { } builtIn)
                return builtIn;
            if (!File.Exists(nameOrFile))
                throw NoSuch(nameOrFile);
            return Scenario.Load(nameOrFile);
        }
        catch (ScenarioException e)
        {
            throw Mistakes(e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BadInputException($"'{nameOrFile}' cannot be read: {e.Message}");
        }
    }

    /// <summary>A scenario from an open stream, such as standard input.</summary>
    /// <exception cref="BadInputException">It has mistakes.</exception>
    public static Scenario Read(Stream input, string path)
    {
        string title = CaptureFiles.Title(path);
        using var text = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read = input.Read(buffer); read > 0; read = input.Read(buffer))
        {
            text.Write(buffer, 0, read);
            if (text.Length > MaxStandardInput)
                throw new BadInputException($"{Capital(title)} is larger than 16 MiB: expected a scenario.");
        }

        if (text.Length == 0)
            throw new BadInputException($"{Capital(title)} is empty: expected a scenario.");
        try
        {
            return Scenario.Parse(text.ToArray(), title);
        }
        catch (ScenarioException e)
        {
            throw Mistakes(e);
        }
    }

    public static BadInputException NoSuch(string name) =>
        new(
        [
            $"There is no scenario and no file '{name}'.{Suggestion.For(name, BuiltInScenarios.Names)}",
            "Built-in scenarios ('nbnssim scenarios' says what each shows):",
            .. TextColumns.Wrap(string.Join(", ", BuiltInScenarios.Names), 90).Select(line => "  " + line),
        ]);

    private static BadInputException Mistakes(ScenarioException e) => new(e.Mistakes.Select(mistake => mistake.ToString()));

    private static string Capital(string title) => title == "standard input" ? "Standard input" : title;
}
