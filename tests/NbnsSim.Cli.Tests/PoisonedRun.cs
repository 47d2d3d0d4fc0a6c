using System.Text;
using System.Text.Json;
using NbnsSim.Cli.Tests;

namespace NbnsSim.Tests;

/// <content>The proof for a run of the tool.</content>
internal static partial class Poison
{
    /// <summary>Asserts that nothing came out that acts on a terminal.</summary>
    public static void AssertNone(ToolRun run, string because)
    {
        AssertNone(run.Output, because + " (output)");
        AssertNone(run.Error, because + " (error)");
    }

    /// <summary>Asserts that every line of output is a JSON object.</summary>
    public static void AssertJson(ToolRun run, string because)
    {
        foreach (string line in run.Lines)
            Assert.That(() => JsonDocument.Parse(Encoding.UTF8.GetBytes(line)).Dispose(), Throws.Nothing, because);
    }
}
