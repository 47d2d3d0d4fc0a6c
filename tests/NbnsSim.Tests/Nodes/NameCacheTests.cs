using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>The cache of remote names beside a plain list that does the same.</summary>
public sealed class NameCacheTests
{
    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(3u)]
    public void TheCache_IsThePlainListThatItStandsFor(uint seed)
    {
        const int capacity = 40;
        var random = new RandomStream(seed);
        var cache = new NameCache();
        var plain = new List<CachedName>();
        var now = Instant.MinValue;
        for (int step = 0; step < 3000; step++)
        {
            var name = NetBiosName.Parse($"NAME{random.Next(90)}<20>{(random.Next(4) == 0 ? ".SIDE" : "")}");
            switch (random.Next(12))
            {
                case 0:
                    now += TimeSpan.FromSeconds(random.Next(30));
                    break;
                case 1 when cache.Find(name) is >= 0 and var at:
                    cache.RemoveAt(at);
                    plain.RemoveAt(at);
                    break;
                case 2 when random.Next(20) == 0:
                    var address = new Ipv4Address(random.Next(8));
                    cache.ForgetNode(address);
                    plain.RemoveAll(cached => cached.Entry.Address == address && cached.ExpiresAt != Instant.MaxValue);
                    break;
                case 3 when random.Next(100) == 0:
                    cache.Clear(keepPreloaded: step % 2 == 0);
                    plain.RemoveAll(cached => step % 2 != 0 || cached.ExpiresAt != Instant.MaxValue);
                    break;
                case 4 when random.Next(30) == 0:
                    cache = cache.Fork();
                    break;
                default:
                    var entry = new CachedName
                    {
                        Name = name,
                        ExpiresAt = random.Next(100) == 0 ? Instant.MaxValue : now + TimeSpan.FromSeconds(1 + random.Next(200)),
                        Entry = new NbEntry(default, new Ipv4Address(random.Next(8))),
                    };
                    cache.Put(entry, now, capacity);
                    PutPlainly(plain, entry, now, capacity);
                    break;
            }

            Assert.That(cache.Rows.SequenceEqual(plain.ToArray()), Is.True, $"step {step}");
            Assert.That(cache.Find(name), Is.EqualTo(plain.FindIndex(cached => cached.Name == name)));
        }
    }

    /// <summary>Full or not, and with old entries to be forgotten on the way.</summary>
    [TestCase(0)]
    [TestCase(10)]
    public void WhatIsFoundByTheHundred_AllocatesNothing(int secondsBetween)
    {
        NetBiosName[] names = [.. Enumerable.Range(0, 500).Select(i => NetBiosName.Parse($"NAME{i}<20>"))];
        var cache = new NameCache();
        var now = Instant.Epoch;
        Find(1000); // warms up
        long before = GC.GetAllocatedBytesForCurrentThread();
        Find(5000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Find(int times)
        {
            for (int i = 0; i < times; i++)
            {
                now += TimeSpan.FromSeconds(secondsBetween);
                cache.Put(new CachedName { Name = names[i % names.Length], ExpiresAt = now + TimeSpan.FromMinutes(10) }, now, 128);
                cache.NoteResolved(names[i % names.Length]);
            }
        }
    }

    /// <summary>By the octets of a packet as by a name, in a cache that is looked through and in one that has an index.</summary>
    [TestCase(3)]
    [TestCase(40)]
    public void WhatIsNotInTheCache_IsNotFound(int count)
    {
        var cache = new NameCache();
        for (int i = 0; i < count; i++)
            cache.Put(new CachedName { Name = NetBiosName.Parse($"NAME{i}<20>"), ExpiresAt = new Instant(1) }, Instant.MinValue, 128);
        var packet = new byte[576];
        foreach (var (text, row) in (ReadOnlySpan<(string, int)>)[("NAME0<20>", 0), ("NAME2<20>", 2), ("NAME2<20>.SIDE", -1), ("OTHER<20>", -1)])
        {
            var name = NetBiosName.Parse(text);
            int length = NbnsEncoder.WriteQuery(packet, 1, 0x0110, name);
            Assert.That(NbnsPacket.TryParse(packet.AsSpan(0, length), out var asked), Is.True);
            Assert.That((cache.Find(name), cache.Find(name.High, name.Low, asked.Name)), Is.EqualTo((row, row)), text);
        }
    }

    private static void PutPlainly(List<CachedName> cache, CachedName entry, Instant now, int capacity)
    {
        int at = cache.FindIndex(cached => cached.Name == entry.Name);
        bool isPreloaded = entry.ExpiresAt == Instant.MaxValue;
        if (at >= 0 && (isPreloaded || cache[at].ExpiresAt != Instant.MaxValue))
            cache[at] = entry;
        if (at >= 0)
            return;
        cache.RemoveAll(cached => cached.ExpiresAt <= now);
        if (cache.Count < capacity || isPreloaded)
            cache.Add(entry);
        else if (cache.MinBy(cached => cached.ExpiresAt) is var first && first.ExpiresAt != Instant.MaxValue)
            cache[cache.FindIndex(cached => cached.ExpiresAt == first.ExpiresAt)] = entry;
    }
}
