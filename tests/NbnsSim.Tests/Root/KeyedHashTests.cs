using NbnsSim.Names;
using NbnsSim.NameServers;

namespace NbnsSim.Tests.Root;

/// <summary>Nobody who chooses names, scopes or addresses can make them collide in a hash table.</summary>
public sealed class KeyedHashTests
{
    private const int Many = 100_000;

    /// <summary>Of 100,000 random 32-bit hashes, one pair is expected to collide; this bound fails by chance once in 10⁴⁰ runs.</summary>
    private const int MostCollisions = 40;

    /// <summary>Names that multiplying and folding with constants sends to one value.</summary>
    private static NetBiosName Folded(int n)
    {
        ulong low = ((ulong)(n + 1) << 8) | 0x20;
        return new NetBiosName(0x1234_5678_90AB_CDEF ^ (low * 0x9E37_79B9_7F4A_7C15), low);
    }

    /// <summary>Names whose low word takes away a factor of a product.</summary>
    private static NetBiosName WithoutFactor(int n) => new((ulong)n << 20, 0x9E37_79B9_7F4A_7C15);

    /// <summary>Names that differ in their upper bits only, which a table of a power of two does not look at.</summary>
    private static NetBiosName InUpperBits(int n) => new((ulong)n << 40, 0x2020_2020_2020_2020);

    [Test]
    public void NamesDoNotCollide([Values(0, 1, 2)] int kind) =>
        AssertDifferent(n => Name(kind, n).GetHashCode());

    [Test]
    public void NamesDoNotCollideInTheDatabase([Values(0, 1, 2)] int kind) =>
        AssertDifferent(n => (int)NameDatabase.Hash(Name(kind, n).High, Name(kind, n).Low, scope: 0));

    [Test]
    public void OneNameInManyScopesDoesNotCollideInTheDatabase() =>
        AssertDifferent(n => (int)NameDatabase.Hash(0x4142_4344_4546_4748, 0x2020_2020_2020_2000, n));

    [Test]
    public void ScopesDoNotCollide() => AssertDifferent(n => NetBiosScope.Parse($"S{n:X}.EXAMPLE").GetHashCode());

    /// <summary>By octet: FNV-1a's low bits follow from the octets' low bits alone, whatever key it starts from.</summary>
    [Test]
    public void StringsThatDifferInOneOctetDoNotCollide([Values(220, 576, 577, 1500)] int length, [Values(0, 1, 2, 3, 100, 208, 218, 219)] int place)
    {
        var hashes = new HashSet<int>();
        byte[] octets = new byte[length];
        for (int octet = 0; octet < 256; octet++)
        {
            octets[place] = (byte)octet;
            hashes.Add(KeyedHash.Of(octets));
        }

        Assert.That(hashes, Has.Count.GreaterThanOrEqualTo(255));
    }

    /// <summary>Words that change places: a sum of words does not see it.</summary>
    [Test]
    public void StringsThatDifferInTheOrderOfTheirWordsDoNotCollide([Values(1, 2, 3, 4)] int words)
    {
        var hashes = new HashSet<int>();
        byte[] octets = [.. Enumerable.Range(0, 64).Select(i => (byte)(i / 4))];
        int size = words * 4;
        for (int turn = 0; turn < octets.Length / size; turn++)
        {
            octets = [.. octets[size..], .. octets[..size]];
            hashes.Add(KeyedHash.Of(octets));
        }

        Assert.That(hashes, Has.Count.EqualTo(octets.Length / size));
    }

    [Test]
    public void ZerosOfAnyLengthDoNotCollide() => Assert.That(Enumerable.Range(0, 1024).Select(n => KeyedHash.Of(new byte[n])).Distinct().Count(), Is.GreaterThanOrEqualTo(1023));

    /// <summary>Multiples of the sizes that <see cref="Dictionary{TKey,TValue}"/> takes: with the address itself as hash they would all share one bucket.</summary>
    [TestCase(25_913u)]
    [TestCase(62_851u)]
    [TestCase(65_536u)]
    public void AddressesDoNotShareABucket(uint size)
    {
        int[] buckets = new int[size];
        for (uint n = 0; n < uint.MaxValue / size; n++)
            buckets[(uint)new Ipv4Address(n * size).GetHashCode() % size]++;

        Assert.That(buckets.Max(), Is.LessThan((uint.MaxValue / size / size) + 100));
    }

    [Test]
    public void NorDoAddressesOfAnyKind()
    {
        AssertDifferent(n => new MacAddress(((ulong)n << 32) | (uint)n).GetHashCode());
        AssertDifferent(n => new Ipv6Address(((UInt128)(uint)n << 64) | (uint)n).GetHashCode());
        AssertDifferent(n => new Ipv4Address((uint)n << 8).GetHashCode());
    }

    [Test]
    public void EqualValuesHaveEqualHashes()
    {
        var name = NetBiosName.Parse("FRED<20>.EXAMPLE.COM");
        var same = new NetBiosName(name.High, name.Low, NetBiosScope.Parse("EXAMPLE.COM"));

        Assert.That((same, same.GetHashCode()), Is.EqualTo((name, name.GetHashCode())));
    }

    private static NetBiosName Name(int kind, int n) => kind switch
    {
        0 => Folded(n),
        1 => WithoutFactor(n),
        _ => InUpperBits(n),
    };

    private static void AssertDifferent(Func<int, int> hash) =>
        Assert.That(Many - Enumerable.Range(0, Many).Select(hash).Distinct().Count(), Is.LessThan(MostCollisions));
}
