using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>The tables of a name server beside plain lists that do the same: names and their addresses, the wheel of their deadlines, scopes, sources.</summary>
public sealed class NameTableTests
{
    private sealed class PlainName
    {
        public required ulong High { get; init; }

        public required ulong Low { get; init; }

        public int Added { get; set; }

        public List<(Ipv4Address Address, ushort Owner, long Deadline)> Members { get; set; } = [];
    }

    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(3u)]
    public void Names_AreFoundWhereAPlainListHasThem(uint seed)
    {
        var random = new RandomStream(seed);
        var database = new NameDatabase(maxScopes: 4, countsSources: true);
        var plain = new Dictionary<int, PlainName>();
        for (int step = 0; step < 1500; step++)
        {
            ulong high = random.Next(30);
            ulong low = random.Next(2);
            var known = plain.SingleOrDefault(pair => pair.Value.High == high && pair.Value.Low == low);
            int found = database.Find(high, low, 0);
            bool isRight = found == (known.Value is null ? NameSlot.None : known.Key) && database.Find(high, low, -1) == NameSlot.None && database.Find(high, low, 3) == NameSlot.None;
            Assert.That(isRight, Is.True, $"step {step}");
            if (known.Value is null)
            {
                int slot = database.Add(high, low, 0);
                Assert.That(plain.ContainsKey(slot), Is.False, "a slot that is in use");
                plain[slot] = new PlainName { High = high, Low = low };
                database[slot].Address = random.Next(100);
                database.SetSource(slot, new Ipv4Address(database[slot].Address));
            }
            else if (random.Next(3) == 0)
            {
                database.Remove(known.Key);
                database.Free(known.Key);
                plain.Remove(known.Key);
            }
            else
            {
                ChangeMembers(database, known.Key, known.Value, ref random);
            }

            if (random.Next(200) == 0)
                database = new NameDatabase(database);
            Assert.That(database.Count == plain.Count && database.SlotCount <= 60, Is.True, "slots are used again");
            foreach (var (slot, name) in step % 50 == 0 ? plain : [])
                Compare(database, slot, name);
        }

        foreach (int slot in plain.Keys)
            database.Remove(slot);
        Assert.That(database.Count, Is.Zero);
        for (uint address = 0; address < 3000; address++)
            Assert.That(database.Sources!.Find(new Ipv4Address(address)), Is.EqualTo(SourceTable.None), "whoever has no name any more is forgotten");
    }

    private static void ChangeMembers(NameDatabase database, int slot, PlainName name, ref RandomStream random)
    {
        ulong what = random.Next(6);
        if (name.Members.Count == 0)
        {
            (database[slot].Deadline, database[slot].Owner) = (random.Next(100), (ushort)random.Next(3));
            name.Members.Add((new Ipv4Address(database[slot].Address), database[slot].Owner, database[slot].Deadline));
            database.MakeChain(slot);
        }
        else if (what < 3 && name.Members.Count < 12)
        {
            (Ipv4Address Address, ushort Owner, long Deadline) member = (new Ipv4Address((uint)(1000 + name.Added++)), (ushort)random.Next(3), random.Next(100));
            name.Members.Add(member);
            database.AddMember(slot, member.Address, member.Owner, OwnerNodeType.M, member.Deadline);
            database.SetYoungestSource(slot, member.Address);
            database.MakeChain(slot); // it is one
        }
        else if (what == 3)
        {
            long now = random.Next(100);
            var longest = name.Members.First(one => one.Deadline == name.Members.Max(other => other.Deadline));
            int first = name.Members.IndexOf(longest);
            var kept = name.Members.Where((one, at) => one.Deadline > now || at == first).ToList();
            Assert.That(database.HasLapsed(database[slot], now), Is.EqualTo(kept.Count < name.Members.Count));
            database.RemoveLapsed(slot, now);
            name.Members = kept;
        }
        else if (what == 4)
        {
            var address = name.Members[(int)random.Next((uint)name.Members.Count)].Address;
            database.RemoveMember(slot, database.FindMember(database[slot], address));
            name.Members.RemoveAt(name.Members.FindIndex(one => one.Address == address));
        }
        else
        {
            database.ClearMembers(slot);
            name.Members.Clear();
        }

        Compare(database, slot, name);
    }

    private static void Compare(NameDatabase database, int slot, PlainName name)
    {
        ref var stored = ref database[slot];
        List<(Ipv4Address Address, ushort Owner, long Deadline)> members =
            name.Members.Count > 0 ? name.Members : [(new Ipv4Address(stored.Address), stored.Owner, stored.Deadline)];
        var read = new List<(Ipv4Address Address, ushort Owner, long Deadline)>();
        while (database.TryGetAddress(stored, read.Count, out var address, out ushort owner))
        {
            bool isMember = name.Members.Count > 0;
            int member = database.FindMember(stored, address);
            Assert.That((member != NameSlot.None, database.TryGetAddress(stored, read.Count, out var same), same), Is.EqualTo((isMember, true, address)));
            read.Add((address, owner, isMember ? database.Member(member).Deadline : stored.Deadline));
        }

        Assert.That(read, Is.EqualTo(members));
        int replica = database.OldestReplica(stored);
        int expected = name.Members.FindIndex(member => member.Owner != 0);
        Assert.That(
            (database.AddressCount(stored), database.EarliestDeadline(stored), database.HasAddress(stored, members[^1].Address), database.HasAddress(stored, new Ipv4Address(5000))),
            Is.EqualTo((members.Count, members.Min(member => member.Deadline), true, false)));
        Assert.That(replica == NameSlot.None ? default : database.Member(replica).Address, Is.EqualTo(expected < 0 ? default : members[expected].Address.Value));
    }

    /// <summary>What is due comes out, in any order of calls, and nothing before its time; the time may lie before 1970.</summary>
    [TestCase(1u, 0L, 90L)]
    [TestCase(2u, -200L, 90L)]
    [TestCase(3u, -5000L, 5000L)]
    [TestCase(4u, 1_000_000L, 400_000L)]
    [TestCase(5u, 0L, 50_000_000L)]
    public void TheWheel_LetsGoWhatIsDue_AndNothingElse(uint seed, long start, long longest)
    {
        const long second = 1_000_000_000;
        var random = new RandomStream(seed);
        var database = new NameDatabase(maxScopes: 4, countsSources: false);
        var deadlines = new Dictionary<int, long>();
        var slots = Enumerable.Range(0, 40).Select(i => database.Add((ulong)i, 0, 0)).ToArray();
        var now = new Instant(start * second);
        for (int step = 0; step < 3000; step++)
        {
            int slot = slots[random.Next((uint)slots.Length)];
            switch (random.Next(4))
            {
                case 0 or 1:
                    long ahead = (random.Next(2) == 0 ? random.Next(64) : (long)(random.NextUInt64() % (ulong)longest)) * second;
                    database[slot].Deadline = random.Next(12) == 0 ? long.MaxValue : now.Nanoseconds + ahead + (random.Next(2) * 500_000_000);
                    database.Schedule(slot, now);
                    deadlines[slot] = database[slot].Deadline;
                    if (deadlines[slot] != long.MaxValue && deadlines[slot] == deadlines.Values.Min())
                        Assert.That(database.NextDue()!.Value, Is.LessThanOrEqualTo(new Instant(CeilingSecond(deadlines[slot]))), $"step {step}");
                    break;
                case 2:
                    database.Unschedule(slot);
                    deadlines.Remove(slot);
                    break;
                default:
                    now += TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next((uint)longest) : random.Next(5));
                    TakeAll(database, deadlines, now, step);
                    break;
            }
        }

        TakeAll(database, deadlines, now + TimeSpan.FromSeconds(2 * longest), -1);
        Assert.That(deadlines.Values, Has.All.EqualTo(long.MaxValue));

        static long CeilingSecond(long nanoseconds) => (long)Math.Ceiling((decimal)nanoseconds / second) * second;

        static void TakeAll(NameDatabase database, Dictionary<int, long> deadlines, Instant now, int step)
        {
            int budget = 100_000;
            var taken = new HashSet<int>();
            long floor = (long)Math.Floor((decimal)now.Nanoseconds / second) * second;
            for (int due = database.TakeDue(now, ref budget); due != NameSlot.None; due = database.TakeDue(now, ref budget))
                taken.Add(due);
            var expected = deadlines.Where(pair => CeilingSecond(pair.Value == long.MaxValue ? 0 : pair.Value) <= floor && pair.Value != long.MaxValue).Select(pair => pair.Key).ToList();
            Assert.That(taken.IsSupersetOf(expected), Is.True, $"step {step}: something is late");
            foreach (int slot in taken)
            {
                Assert.That(deadlines[slot], Is.LessThanOrEqualTo(now.Nanoseconds), $"step {step}");
                deadlines.Remove(slot);
            }

            Assert.That(budget, Is.GreaterThan(100_000 - 1000), "nothing is looked at again and again");
        }
    }

    /// <summary>A wheel that stood still for long is as exact as a new one.</summary>
    [TestCase(0L, 1000)]
    [TestCase(-1000L, 1000)]
    [TestCase(-3L, 3)]
    public void TheWheel_IsExactWithinAMinute(long start, int idle)
    {
        const long second = 1_000_000_000;
        var database = new NameDatabase(maxScopes: 4, countsSources: false);
        int slot = database.Add(1, 0, 0);
        var now = new Instant(start * second);
        database[slot].Deadline = now.Nanoseconds + second;
        database.Schedule(slot, now);
        now += TimeSpan.FromSeconds(idle);
        int budget = 10;
        Assert.That((database.TakeDue(now, ref budget), database.TakeDue(now, ref budget), budget), Is.EqualTo((slot, NameSlot.None, 9)));
        Assert.That(database.NextDue(), Is.Null);
        database[slot].Deadline = long.MaxValue;
        database.Schedule(slot, now);
        Assert.That(database.NextDue(), Is.Null, "it stays for ever");
        for (int ahead = 0; ahead < 64; ahead++)
        {
            database.Unschedule(slot);
            database[slot].Deadline = now.Nanoseconds + (ahead * second);
            database.Schedule(slot, now);
            Assert.That(database.NextDue(), Is.EqualTo(new Instant(database[slot].Deadline)));
        }

        budget = 0;
        now += TimeSpan.FromHours(1);
        Assert.That(database.TakeDue(now, ref budget), Is.EqualTo(NameSlot.None), "nothing may be looked at");
        budget = 1;
        Assert.That(database.TakeDue(now, ref budget), Is.EqualTo(slot));
    }

    [TestCase(1u)]
    [TestCase(2u)]
    public void Scopes_AreCountedAndUsedAgain(uint seed)
    {
        const int most = 20;
        var random = new RandomStream(seed);
        var table = new ScopeTable(most);
        var plain = new Dictionary<string, (int Number, int Users)>(StringComparer.Ordinal);
        for (int step = 0; step < 3000; step++)
        {
            string text = $"S{random.Next(40)}";
            var encoded = NetBiosScope.Parse(text).Encoded;
            bool isKnown = plain.TryGetValue(text, out var known);
            Assert.That(table.Find(encoded), Is.EqualTo(isKnown ? known.Number : -1), $"step {step}");
            if (isKnown && random.Next(2) == 0)
            {
                table.Release(known.Number);
                if (known.Users == 1)
                    plain.Remove(text);
                else
                    plain[text] = (known.Number, known.Users - 1);
            }
            else
            {
                int number = table.Acquire(encoded);
                Assert.That(number >= 0, Is.EqualTo(isKnown || plain.Count < most), $"step {step}");
                if (number < 0)
                    continue;
                Assert.That(plain.Where(pair => pair.Key != text).Select(pair => pair.Value.Number), Has.None.EqualTo(number));
                Assert.That(table[number], Is.EqualTo(NetBiosScope.Parse(text)));
                plain[text] = (number, known.Users + 1);
            }

            if (random.Next(100) == 0)
                table = new ScopeTable(table);
        }

        Assert.That((table.Find(default), table.Acquire(ReadOnlySpan<byte>.Empty), table[0]), Is.EqualTo((0, 0, NetBiosScope.Empty)));
    }

    [TestCase(1u)]
    [TestCase(2u)]
    public void Sources_AreCountedAndForgotten(uint seed)
    {
        var random = new RandomStream(seed);
        var table = new SourceTable();
        var plain = new Dictionary<uint, (int Names, int Claims, int Challenges)>();
        for (int step = 0; step < 2000; step++)
        {
            uint address = 1 + random.Next(40);
            bool isKnown = plain.TryGetValue(address, out var counts);
            ushort number = table.Find(new Ipv4Address(address));
            bool isRight = (number != SourceTable.None) == isKnown
                && (!isKnown || (table[number].Address.Value, table[number].Names, table[number].Claims, table[number].Challenges) == (address, counts.Names, counts.Claims, counts.Challenges));
            Assert.That(isRight, Is.True, $"step {step}");
            switch (random.Next(6))
            {
                case 0:
                    table.AddName(table.FindOrAdd(new Ipv4Address(address)));
                    counts.Names++;
                    break;
                case 1:
                    table.AddClaim(table.FindOrAdd(new Ipv4Address(address)));
                    counts.Claims++;
                    break;
                case 2:
                    table.AddChallenge(table.FindOrAdd(new Ipv4Address(address)));
                    counts.Challenges++;
                    break;
                case 3 when counts.Names > 0:
                    table.RemoveName(number);
                    counts.Names--;
                    break;
                case 4 when counts.Claims > 0:
                    table.RemoveClaim(number);
                    counts.Claims--;
                    break;
                case 5 when counts.Challenges > 0:
                    table.RemoveChallenge(number);
                    counts.Challenges--;
                    break;
            }

            plain[address] = counts;
            if (counts == default)
                plain.Remove(address);
            Assert.That(table.Count, Is.EqualTo(plain.Count));
        }
    }

    [Test]
    public void ACopyOfTheSources_IsOne()
    {
        var table = new SourceTable();
        for (uint address = 1; address <= 20; address++)
            table.AddName(table.FindOrAdd(new Ipv4Address(address)));
        table.RemoveName(table.Find(new Ipv4Address(5)));
        var copy = new SourceTable(table);
        Assert.That((copy.Count, copy.Find(new Ipv4Address(5)), copy.Find(new Ipv4Address(6))), Is.EqualTo((19, SourceTable.None, table.Find(new Ipv4Address(6)))));
        copy.RemoveName(copy.Find(new Ipv4Address(6)));
        Assert.That((copy.Count, table.Count, table.Find(new Ipv4Address(6)) != SourceTable.None), Is.EqualTo((18, 19, true)));
        Assert.That(copy.FindOrAdd(new Ipv4Address(99)), Is.EqualTo(table.Find(new Ipv4Address(6))), "the place of the one that went last");
    }
}
