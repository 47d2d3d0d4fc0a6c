using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>A node's own names, short and long tables, beside a plain list that does the same.</summary>
public sealed class NodeNameTableTests
{
    [TestCase(1u)]
    [TestCase(2u)]
    public void TheTable_IsThePlainListThatItStandsFor(uint seed)
    {
        var random = new RandomStream(seed);
        var table = new NodeNameTable();
        var plain = new List<NetBiosName>();
        for (int step = 0; step < 2000; step++)
        {
            var name = NetBiosName.Parse($"NAME{random.Next(40)}<20>{(random.Next(4) == 0 ? ".SIDE" : "")}");
            int at = plain.IndexOf(name);
            uint version = table.Version;
            if (at < 0 && random.Next(2) == 0)
            {
                Assert.That(table.Add(name, isGroup: false, LocalNameState.Registering), Is.EqualTo(plain.Count));
                plain.Add(name);
                Assert.That(table.Version, Is.Not.EqualTo(version));
            }
            else if (at >= 0 && random.Next(3) == 0)
            {
                table.RemoveAt(at);
                plain.RemoveAt(at);
                Assert.That(table.Version, Is.Not.EqualTo(version));
            }
            else if (random.Next(20) == 0)
                table = table.Fork();

            var names = new List<NetBiosName>();
            foreach (var row in table.Rows)
                names.Add(row.Name);
            Assert.That(names, Is.EqualTo(plain), $"step {step}");
            Assert.That((table.Count, table.Find(name)), Is.EqualTo((plain.Count, plain.IndexOf(name))));
            Assert.That(table.MayHave(name.High, name.Low) || !plain.Contains(name), Is.True, "what is in the table passes its filter");
        }
    }

    /// <summary>By the octets of a packet as by a name, in a table that is looked through and in one that has an index.</summary>
    [TestCase(3)]
    [TestCase(40)]
    public void APacketsName_IsFoundWithItsScope(int count)
    {
        var table = new NodeNameTable();
        for (int i = 0; i < count; i++)
            table.Add(NetBiosName.Parse($"NAME{i}<20>"), isGroup: false, LocalNameState.Registered);
        byte[] packet = new byte[576];
        foreach (var (text, row) in (ReadOnlySpan<(string, int)>)[("NAME0<20>", 0), ("NAME2<20>", 2), ("NAME2<20>.SIDE", -1), ("OTHER<20>", -1)])
        {
            var name = NetBiosName.Parse(text);
            int length = NbnsEncoder.WriteQuery(packet, 1, 0x0110, name);
            Assert.That(NbnsPacket.TryParse(packet.AsSpan(0, length), out var asked), Is.True);
            Assert.That(table.Find(name.High, name.Low, asked.Name), Is.EqualTo(row), text);
        }
    }

    /// <summary>A table without names lets no name through its filter.</summary>
    [Test]
    public void TheFilterOfATable_ForgetsNamesThatAreGone()
    {
        var table = new NodeNameTable();
        var name = NetBiosName.Parse("FRED<20>");
        Assert.That(table.MayHave(name.High, name.Low), Is.False);
        table.Add(name, isGroup: true, LocalNameState.Registered);
        Assert.That(table.MayHave(name.High, name.Low), Is.True);
        table.RemoveAt(0);
        Assert.That(table.MayHave(name.High, name.Low), Is.False);
    }

    [Test]
    public void WhatOthersSeeOfARow_ChangesTheVersion_AndTheStateDiffersInEachPart()
    {
        var table = new NodeNameTable();
        table.Add(NetBiosName.Parse("FRED<20>"), isGroup: false, LocalNameState.Registered);
        Assert.That(table.DueAt, Is.EqualTo(Instant.MaxValue));
        Action<Holder>[] visible = [static h => h.Table.SetState(0, LocalNameState.Conflict), static h => h.Table.Mark(0, 3)];
        Action<Holder>[] own = [static h => h.Table.SetFlags(0, LocalNameFlags.ByBroadcast), static h => h.Table.SetTimeToLive(0, 7), static h => h.Table.RefreshAt(0, new Instant(5))];
        foreach (var change in visible.Concat(own))
        {
            var changed = new Holder { Table = table.Fork() };
            change(changed);
            Assert.That((changed.Table.HasSameStateAs(table), table.Fork().HasSameStateAs(table)), Is.EqualTo((false, true)));
            Assert.That(changed.Table.Version != table.Version, Is.EqualTo(visible.Contains(change)));
        }

        var marked = table.Fork();
        marked.Mark(0, 3);
        marked.SetFlags(0, LocalNameFlags.ByBroadcast);
        marked.RefreshAt(0, new Instant(5));
        Assert.That((marked[0].ConflictInterfaces, marked.DueAt), Is.EqualTo((8, new Instant(5))));
        marked.Unmark(0, 3);
        marked.ClearFlags(0, LocalNameFlags.ByBroadcast);
        marked.StopRefresh(0);
        Assert.That(marked.HasSameStateAs(table), Is.True, "all is as before");
    }

    private sealed class Holder
    {
        public NodeNameTable Table;
    }
}
