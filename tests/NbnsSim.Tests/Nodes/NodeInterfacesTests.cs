using NbnsSim.Nodes;

namespace NbnsSim.Tests.Nodes;

/// <summary>A node's interfaces as a part of its own.</summary>
public sealed class NodeInterfacesTests
{
    private static readonly EndNodeInterface[] s_three = [Of(1), Of(2), Of(3)];

    private static EndNodeInterface Of(byte last) => EndNodeInterface.InSubnet(new Ipv4Address(0x0A000000u + last));

    [Test]
    public void One_OrSeveral()
    {
        var one = new NodeInterfaces(s_three.AsSpan(0, 1));
        var three = new NodeInterfaces(s_three);
        Assert.That((one.Count, one.AreSeveral, one.All, three.Count, three.AreSeveral, three.All), Is.EqualTo((1, false, 1, 3, true, 7)));
        Assert.That((three[0], three[2]), Is.EqualTo((s_three[0], s_three[2])));
        Assert.That((one.Has(Of(1).Address), one.Has(Of(2).Address), three.Has(Of(3).Address)), Is.EqualTo((true, false, true)));
        Assert.That(() => one[1], Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => three[-1], Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Q102795: the first adapter of a host defends against those behind it, not the other way round.</summary>
    [TestCase(0, 1, false)]
    [TestCase(0, 2, true)]
    [TestCase(0, 3, true)]
    [TestCase(1, 2, false)]
    [TestCase(1, 3, true)]
    [TestCase(2, 3, false)]
    public void AnAddress_IsBehindAnInterface(int index, byte last, bool isBehind) =>
        Assert.That((new NodeInterfaces(s_three).IsBehind(index, Of(last).Address), new NodeInterfaces(s_three.AsSpan(0, 1)).IsBehind(0, Of(last).Address)), Is.EqualTo((isBehind, false)));

    [TestCase(0)]
    [TestCase(2)]
    public void AFork_KeepsItsOwnAddresses(int index)
    {
        var three = new NodeInterfaces(s_three);
        var fork = three.Fork();
        Assert.That(fork.HasSameStateAs(three), Is.True);
        fork.Change(index, Of(9));
        Assert.That((fork.HasSameStateAs(three), fork[index], three[index]), Is.EqualTo((false, Of(9), s_three[index])));
    }
}
