using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Fuzz;

/// <summary>Whatever a file says, it is read or refused: <c>tests/fuzz/run.sh</c> tries far more of them.</summary>
public sealed class InputFuzzTests
{
    [TestCase(0, 400)]
    [TestCase(1, 3_000)]
    [TestCase(2, 2_000)]
    [TestCase(3, 3_000)]
    [TestCase(4, 3_000)]
    [TestCase(5, 300)]
    public void SpoiltInputsAreReadOrRefused(int kind, int count)
    {
        var fuzzer = new InputFuzzer(20260730, (InputKind)kind, InputFuzzer.Corpus(Path.Combine(Repository.Root, "tests", "fuzz", "corpus"), (InputKind)kind));
        fuzzer.Run(count);
        Assert.That(fuzzer.Accepted, Is.GreaterThan(count / 50), "enough inputs must get past the first check, or little is tested");
    }
}
