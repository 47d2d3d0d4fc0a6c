namespace NbnsSim.Tests;

/// <summary>Pairs of numbers as keys of tables.</summary>
public sealed class NumberPairTests
{
    /// <summary>A 64-bit number's own hash has some thousand values for these pairs, and a table of them takes the square of its size to fill.</summary>
    [Test]
    public void PairsOfSmallNumbersHaveDifferentHashes()
    {
        var hashes = new HashSet<int>();
        for (int first = 0; first < 1_000; first++)
        {
            for (int second = 0; second < 1_000; second++)
                hashes.Add(new NumberPair(first, second).GetHashCode());
        }

        Assert.That(hashes, Has.Count.GreaterThan(999_000)); // of a million drawn at random some 120 meet
    }
}
