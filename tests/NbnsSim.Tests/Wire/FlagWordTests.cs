using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

/// <summary>The words of flags bit by bit, as RFC 1002 draws them.</summary>
public sealed class FlagWordTests
{
    /// <summary>RFC 1002 §4.2.1.1: each bit alone, and every bit but that one.</summary>
    [Test]
    public void HeaderFlagsAreEachTheirOwnBit()
    {
        for (int bit = 0; bit < 16; bit++)
        {
            var alone = new NbnsFlags((ushort)(1 << bit));
            var others = new NbnsFlags((ushort)~(1 << bit));
            Assert.That(Read(alone), Is.EqualTo((bit == 15, bit == 10, bit == 9, bit == 8, bit == 7, bit == 4)), $"bit {bit}");
            Assert.That(Read(others), Is.EqualTo((bit != 15, bit != 10, bit != 9, bit != 8, bit != 7, bit != 4)), $"all but bit {bit}");
            Assert.That((int)alone.Opcode, Is.EqualTo(bit is >= 11 and <= 14 ? 1 << (bit - 11) : 0));
            Assert.That((int)alone.Rcode, Is.EqualTo(bit < 4 ? 1 << bit : 0));
        }

        Assert.That(new NbnsFlags(0xAD86).ToString(), Is.EqualTo("0xAD86"));
        Assert.That(new NbnsFlags(1).ToString(), Is.EqualTo("0x0001"));

        static (bool, bool, bool, bool, bool, bool) Read(NbnsFlags flags) =>
            (flags.IsResponse, flags.IsAuthoritative, flags.IsTruncated, flags.RecursionDesired, flags.RecursionAvailable, flags.IsBroadcast);
    }

    /// <summary>RFC 1002 §4.2.18 NAME_FLAGS.</summary>
    [Test]
    public void NameFlagsAreEachTheirOwnBit()
    {
        for (int bit = 0; bit < 16; bit++)
        {
            var alone = new NameFlags((ushort)(1 << bit));
            Assert.That(
                (alone.IsGroup, alone.IsDeregistering, alone.IsInConflict, alone.IsActive, alone.IsPermanent),
                Is.EqualTo((bit == 15, bit == 12, bit == 11, bit == 10, bit == 9)),
                $"bit {bit}");
            Assert.That((int)alone.OwnerNodeType, Is.EqualTo(bit is 13 or 14 ? 1 << (bit - 13) : 0));
        }
    }

    /// <summary>RFC 1002 §4.2.1.3 NB_FLAGS.</summary>
    [TestCase(false, OwnerNodeType.B, 0x0000)]
    [TestCase(false, OwnerNodeType.P, 0x2000)]
    [TestCase(false, OwnerNodeType.M, 0x4000)]
    [TestCase(false, OwnerNodeType.H, 0x6000)]
    [TestCase(true, OwnerNodeType.B, 0x8000)]
    [TestCase(true, OwnerNodeType.H, 0xE000)]
    public void NbFlagsAreAGroupBitAndANodeType(bool isGroup, OwnerNodeType nodeType, int word)
    {
        var flags = new NbFlags(isGroup, nodeType);
        Assert.That((int)flags.Value, Is.EqualTo(word));
        Assert.That((flags.IsGroup, flags.OwnerNodeType, flags.Reserved), Is.EqualTo((isGroup, nodeType, (ushort)0)));
        Assert.That((int)new NbFlags((ushort)(word | 0x1ABC)).Reserved, Is.EqualTo(0x1ABC));
    }

    /// <summary>RFC 1002 §4.2.6, §4.2.11, §4.2.14: the symbols of RCODE.</summary>
    [Test]
    public void ResultsHaveTheRfcsSymbols() => Assert.That(
        Enumerable.Range(0, 9).Select(rcode => ((NbnsRcode)rcode).Symbol()),
        Is.EqualTo(new[] { "OK", "FMT_ERR", "SRV_ERR", "NAM_ERR", "IMP_ERR", "RFS_ERR", "ACT_ERR", "CFT_ERR", "RCODE 8" }));
}
