using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NbnsSim.Tests.House;

namespace NbnsSim.Samples.Tests;

/// <summary>Every block of C# in every README is a program that compiles, runs, and prints what the README says it prints.</summary>
[NonParallelizable] // they share the console
public sealed partial class ReadmeBlockTests
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; " +
        "global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>What an excerpt, a block that stands indented in a list, takes from around it. It is compiled, not run.</summary>
    private const string AroundExcerpts =
        "using NbnsSim.Captures; using NbnsSim.Messages; using NbnsSim.SharpPcap; using SharpPcap; ICaptureDevice device = null!; CancellationToken stop = default;\n";

    /// <summary>Their first block is run by tests/package: what it needs, a database engine and a cluster's runtime, is not brought into this process.</summary>
    private static readonly string[] InPackageTests = ["src/NbnsSim.Cluster/README.md", "src/NbnsSim.Query/README.md"];

    public static IEnumerable<TestCaseData> Blocks()
    {
        foreach (string readme in Directory.EnumerateFiles(Repository.Root, "README.md", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }).Order(StringComparer.Ordinal))
        {
            string file = Path.GetRelativePath(Repository.Root, readme).Replace('\\', '/');
            if (file.Split('/') is not (["README.md"] or ["src" or "samples", _, "README.md"]) || InPackageTests.Contains(file, StringComparer.Ordinal))
                continue;
            foreach (Match block in Block().Matches(File.ReadAllText(readme).ReplaceLineEndings("\n")))
                yield return new TestCaseData(block.Groups["code"].Value, block.Groups["text"].Success ? block.Groups["text"].Value : null).SetArgDisplayNames(file, block.Groups["code"].Value.Split('\n')[0]);
        }
    }

    [TestCaseSource(nameof(Blocks))]
    public void ABlockIsAProgram(string code, string? text)
    {
        bool isExcerpt = code.StartsWith(' ');
        var program = Compile(isExcerpt ? AroundExcerpts + code : code);
        if (isExcerpt || code.Contains("FindComputerAsync", StringComparison.Ordinal))
            return; // the latter asks every network of this machine by broadcast: a test does not

        var before = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            object? result = program.EntryPoint!.Invoke(null, program.EntryPoint.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            (result as Task)?.GetAwaiter().GetResult();
        }
        finally
        {
            Console.SetOut(before);
        }

        if (text is not null)
            Assert.That(output.ToString(), Is.EqualTo(text));
        else
            Assert.That(output.ToString().TrimEnd(), Is.Not.Empty.And.Matches(Said(code)));
    }

    /// <summary>What the comment behind the first line that prints says: "A: B, C: D" where several runs print.</summary>
    private static string Said(string code)
    {
        var comment = Comment().Match(code);
        Assert.That(comment.Success, "a block without a text block behind it says in a comment what it prints");
        return string.Join("\\s+", comment.Groups["said"].Value.Split(", ").Select(Regex.Escape));
    }

    private static Assembly Compile(string code)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(IsManaged))
            .DistinctBy(Path.GetFileName, StringComparer.Ordinal)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            $"Readme{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(code, options)], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly);
        Assert.That(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning), Is.Empty);
        return Assembly.Load(assembly.ToArray());
    }

    private static bool IsManaged(string path)
    {
        try
        {
            AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    [GeneratedRegex("```(csharp|cs)\n(?<code>.*?)```\n(\n```text\n(?<text>.*?)```)?", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("Console\\.WriteLine\\(.*\\); // (?<said>.*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();
}
