using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NbnsSim.Cli;

/// <summary>
/// A command that is a program of its own, in a package of its own: what it needs (a database engine, a cluster's runtime) would make the tool many times as large. The tool starts it as git starts its
/// own, where it is installed beside it or on the path.
/// </summary>
/// <param name="Program">The program, without the ending that it may have.</param>
/// <param name="Package">The package that it comes in.</param>
/// <param name="Arguments">What it is given.</param>
internal sealed record Companion(string Program, string Package, IReadOnlyList<string> Arguments)
{
    /// <summary>The companion that arguments are for; null where they are for the tool itself.</summary>
    /// <param name="arguments">All arguments of the tool.</param>
    public static Companion? For(IReadOnlyList<string> arguments) => (arguments.Count == 0 ? null : arguments[0]) switch
    {
        "query" when arguments.Count > 1 && (File.Exists(Path.Combine(arguments[1], "job.json")) || (arguments.Count > 2 && IsWord(arguments[1]) && IsWord(arguments[2])))
            => new("nbnssim-query", "NbnsSim.Query.Tool", [.. arguments.Skip(1)]), // a job and a question in SQL; a NetBIOS name has no second word
        "silo" => new("nbnssim-cluster", "NbnsSim.Cluster.Tool", arguments),
        "analyze" or "campaign" when arguments.Contains("--cluster", StringComparer.Ordinal) // there the whole command is about a cluster, whose Redis is named
            => new("nbnssim-cluster", "NbnsSim.Cluster.Tool", [.. arguments.Select(word => word == "--cluster" ? "--redis" : word)]),
        _ => null,
    };

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="BadInputException">It is not installed.</exception>
    public int Run()
    {
        string path = Folders.Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{Program}.exe" : Program)).FirstOrDefault(File.Exists)
            ?? throw new BadInputException($"This needs {Program}, which is not installed: dotnet tool install --global {Package}");
        using var process = new Process { StartInfo = new ProcessStartInfo(path, Arguments) { UseShellExecute = false } };
        var starting = new Lock();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true); // Ctrl+C reaches it, too: it ends in its own way
        using var ended = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true; // whoever ends this process means that one
            lock (starting)
            {
                using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                kill.WaitForExit();
            }
        });
        lock (starting)
            process.Start();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static bool IsWord(string argument) => !argument.StartsWith('-');

    private static IEnumerable<string> Folders => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Prepend(AppContext.BaseDirectory);
}
