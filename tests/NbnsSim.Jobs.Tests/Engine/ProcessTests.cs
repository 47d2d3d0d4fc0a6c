using System.Diagnostics;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>A real process that is killed in the middle of a job.</summary>
public sealed class ProcessTests
{
    private static readonly PiecesSpec Spec = new(12, Poison: 5);

    /// <summary>
    /// The child of these tests. <c>NbnsSim.Jobs.Tests.dll job FOLDER</c> does the job, and in the middle of each shard prints its id and goes on when it reads a line; with the id of a shard behind it, that one
    /// ends the process.
    /// </summary>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["job", var folder, .. var deadly])
            return 2;
        var gate = new Lock();
        await using var engine = new LocalEngine(folder, 2);
        var spec = Spec with
        {
            Hook = id =>
            {
                if (deadly.Contains(id, StringComparer.Ordinal))
                    Process.GetCurrentProcess().Kill();
                if (deadly.Length > 0)
                    return;
                lock (gate)
                {
                    Console.WriteLine(id);
                    Console.ReadLine();
                }
            },
        };
        await engine.ResultAsync(await engine.SubmitAsync(spec));
        Console.WriteLine("end");
        return 0;
    }

    [Test]
    public async Task AShardThatEndsItsProcessIsListedAfterThreeDeaths()
    {
        using var folder = new TestFolder();
        for (int death = 1; death <= 3; death++)
            Assert.That(RunToItsEnd(), Is.Not.Zero, $"death {death}");
        Assert.That(RunToItsEnd(), Is.Zero);
        await using (var engine = new LocalEngine(folder.Job, 2))
        {
            // asked for again, it is tried once more; here it is harmless
            var result = await engine.ResultAsync(await engine.SubmitAsync(Spec));
            Assert.That(result.Failed.Select(one => one.Id), Is.EqualTo(new[] { "a005" }));
        }

        int RunToItsEnd()
        {
            using var child = Start(folder.Job, "a007");
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            return child.ExitCode;
        }
    }

    [Test]
    public async Task KilledAtAnyShardItGoesOn()
    {
        using var folder = new TestFolder();
        for (int shards = 1; shards < 8; shards += 2)
        {
            using var child = Start(folder.Job);
            for (int i = 1; i < shards; i++)
            {
                Assert.That(child.StandardOutput.ReadLine(), Is.Not.Null.And.Not.EqualTo("end"));
                child.StandardInput.WriteLine();
                child.StandardInput.Flush();
            }

            Assert.That(child.StandardOutput.ReadLine(), Is.Not.Null.And.Not.EqualTo("end"));
            Assert.That(() => folder.RunAsync(Spec), Throws.TypeOf<JobException>().With.Message.Contains($"is in use by process {child.Id} "));
            child.Kill(); // SIGKILL
            child.WaitForExit();
        }

        using var other = new TestFolder();
        var expected = await other.RunAsync(Spec);
        var result = await folder.RunAsync(Spec);
        Assert.That(TestFolder.Contents(result.Folder), Is.EqualTo(TestFolder.Contents(expected.Folder)));
        Assert.That(TestFolder.Contents(Path.Combine(folder.Job, "shards")), Is.EqualTo(TestFolder.Contents(Path.Combine(other.Job, "shards"))));
    }

    private static Process Start(string folder, params string[] deadly) => Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(ProcessTests).Assembly.Location, "job", folder, .. deadly])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
