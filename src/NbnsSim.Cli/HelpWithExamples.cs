using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NbnsSim.Cli;

/// <summary>The usual help, then the command's examples and the exit codes: files of the folder <c>Help</c>, one for each command.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => inner.ClearsParseErrors;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.Write(Text(parseResult.CommandResult.Command is RootCommand ? "nbnssim" : parseResult.CommandResult.Command.Name) + "\n");
        output.Write(Text("exit-codes"));
        return ExitCode.Done;
    }

    private static string Text(string name)
    {
        using var file = typeof(HelpWithExamples).Assembly.GetManifestResourceStream($"Help.{name}.txt") ?? throw new InvalidOperationException($"Help/{name}.txt is missing.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
