using System.Reflection;

namespace NbnsSim.Samples.Tests;

/// <summary>Each sample runs as a user would run it, and prints what it is there to show.</summary>
[NonParallelizable] // they share the console
public sealed class SampleTests
{
    [Test]
    public void DuplicateUserNameShowsTheEventAndTheConflict()
    {
        var (code, output, _) = Run("DuplicateUserName");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("In the log of ALPHA:").And.Contain("Event ID: 4320"));
            Assert.That(output, Does.Contain("JSMITH         <03>  UNIQUE      Conflict"));
            Assert.That(output, Does.Not.Contain("In the log of BRAVO:"));
        });
    }

    [Test]
    public void DuplicateUserNameOnNt351LogsNothing()
    {
        var (code, output, _) = Run("DuplicateUserName", "nt3.51");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("No event is logged"));
            Assert.That(output, Does.Not.Contain("Conflict"));
        });
    }

    [Test]
    public void DuplicateUserNameNamesTheDialectsItKnows()
    {
        var (code, _, error) = Run("DuplicateUserName", "nt9");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("'nt9' is no dialect: expected rfc1002, nt3.5, nt3.51, nt4, w2k"));
    }

    private static (int Code, string Output, string Error) Run(string sample, params string[] arguments)
    {
        var entry = Assembly.Load(sample).EntryPoint ?? throw new InvalidOperationException($"{sample} is no program.");
        var (output, error) = (Console.Out, Console.Error);
        using var writtenOutput = new StringWriter();
        using var writtenError = new StringWriter();
        Console.SetOut(writtenOutput);
        Console.SetError(writtenError);
        try
        {
            object? code = entry.Invoke(null, [arguments]);
            return (code is int number ? number : 0, writtenOutput.ToString(), writtenError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
