using System.Text;

namespace NbnsSim.Cli.Tests;

/// <summary>One run of the tool inside the test process, with its own standard streams.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    private const int SchemaLines = 200; // of every run of every test; NdjsonSchemaTests looks at all lines of all commands

    public IEnumerable<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static ToolRun Of(params string[] arguments) => With([], arguments);

    public static ToolRun With(byte[] input, string[] arguments, int width = 100, bool colour = false, TimeZoneInfo? zone = null)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        int code;
        using (var terminal = new Terminal(() => new MemoryStream(input), output, error, colour, width, outputIsTerminal: false, errorIsTerminal: false) { LocalZone = zone ?? TimeZoneInfo.Utc })
            code = Tool.Run(arguments, terminal);
        var run = new ToolRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
        if (arguments.Contains("--json", StringComparer.Ordinal))
            NdjsonSchema.AssertFits(run.Lines.Take(SchemaLines));
        return run;
    }
}
