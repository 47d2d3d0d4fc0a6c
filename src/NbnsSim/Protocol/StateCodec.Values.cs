using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Protocol;

/// <content>The values that states are made of.</content>
public sealed partial class StateCodec
{
    private const int MaxScope = 238; // octets of labels: of the dialect that takes the longest names
    private const int MaxText = 4096;

    private readonly IdOrder _transactionIds = new();
    private readonly IdOrder _operations = new();
    private NetBiosScope _scope = NetBiosScope.Empty; // the last one read, which the next is likely to be
    private long _now;
    private byte[]? _renamed; // room

    /// <summary>Whether the states of random streams, and what draws depend on, belong to the fingerprint.</summary>
    public bool HasDraws { get; private set; } = true;

    /// <summary>Begins a fingerprint.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="hasDraws">Whether draws belong to it.</param>
    /// <param name="hasVersions">Whether versions of records do.</param>
    /// <param name="isUnordered">Whether the order of what happens at one time does not.</param>
    /// <param name="renaming">What machines are called; <see langword="null"/> for what they are.</param>
    internal void BeginFingerprint(Instant now, bool hasDraws, bool hasVersions, bool isUnordered = false, Renaming? renaming = null)
    {
        (IsUnordered, Renaming, IsRenamed) = (isUnordered, renaming, true);
        (_at, _now) = (0, now.Nanoseconds);
        (IsFingerprint, HasDraws, HasVersions) = (true, hasDraws, hasVersions);
        _transactionIds.Clear();
        _operations.Clear();
    }

    /// <summary>The next machine is carried: the numbers of its commands mean nothing elsewhere.</summary>
    internal void BeginMachine() => _operations.Clear();

    /// <summary>Whether several name servers compare versions of records.</summary>
    internal bool HasVersions { get; private set; } = true;

    /// <summary>Whether what happens at one time has no order.</summary>
    internal bool IsUnordered { get; private set; }

    /// <summary>What machines are called; <see langword="null"/> for what they are.</summary>
    internal Renaming? Renaming { get; private set; }

    /// <summary>Whether all that was carried could be renamed.</summary>
    internal bool IsRenamed { get; private set; } = true;

    /// <summary>Whether ids that have not appeared yet count as one: for octets that only tell in which order others are to be carried.</summary>
    internal bool IsGlance { get; set; }

    /// <summary>What is carried next is octets that a renaming cannot read.</summary>
    internal void CarryUnnamed()
    {
        if (Renaming is not null)
            IsRenamed = false;
    }

    /// <summary>Takes what was written since a place out again, as its hash.</summary>
    /// <param name="from">The place (<see cref="Position"/>).</param>
    internal UInt128 Take(int from)
    {
        var hash = OctetHash.Of(_octets.AsSpan(from.._at));
        _at = from;
        return hash;
    }

    /// <summary>Takes what was written since a place out again, and adds its hash to those of others: what has no order is the same in any.</summary>
    /// <param name="from">The place (<see cref="Position"/>).</param>
    /// <param name="sum">The sum of hashes.</param>
    internal void Fold(int from, ref UInt128 sum)
    {
        sum += Take(from);
    }

    /// <summary>Carries a sum of hashes.</summary>
    internal void Carry(ref UInt128 sum) => Move(ref sum);

    /// <summary>How many octets there are so far.</summary>
    internal int Position => _at;

    /// <summary>Carries a time.</summary>
    /// <param name="time">The time; in a fingerprint it is relative to now.</param>
    public void Carry(ref Instant time)
    {
        long nanoseconds = time.Nanoseconds;
        if (IsFingerprint && nanoseconds is not (long.MaxValue or long.MinValue))
            nanoseconds -= _now;
        Carry(ref nanoseconds);
        if (IsReading)
            time = new Instant(nanoseconds);
    }

    /// <summary>How long ago something was when the fingerprint is made, in nanoseconds.</summary>
    internal long Since(Instant time) => _now - time.Nanoseconds;

    /// <summary>Carries a time that matters only until it has come: in a fingerprint all that have are alike.</summary>
    /// <param name="time">The time.</param>
    public void CarryUntil(ref Instant time)
    {
        if (IsFingerprint && time.Nanoseconds <= _now)
        {
            var come = new Instant(_now);
            Carry(ref come);
        }
        else
        {
            Carry(ref time);
        }
    }

    /// <summary>Carries a time that may not be set.</summary>
    /// <param name="time">The time.</param>
    public void Carry(ref Instant? time)
    {
        bool isSet = time is not null;
        Carry(ref isSet);
        var value = time.GetValueOrDefault();
        if (isSet)
            Carry(ref value);
        if (IsReading)
            time = isSet ? value : null;
    }

    /// <summary>Carries an address.</summary>
    /// <param name="address">The address.</param>
    public void Carry(ref Ipv4Address address)
    {
        uint value = (Renaming?.Of(address) ?? address).Value;
        Carry(ref value);
        if (IsReading)
            address = new Ipv4Address(value);
    }

    /// <summary>Carries an address and a port.</summary>
    /// <param name="endpoint">The two.</param>
    public void Carry(ref Ipv4Endpoint endpoint)
    {
        (var address, ushort port) = (endpoint.Address, endpoint.Port);
        Carry(ref address);
        Carry(ref port);
        if (IsReading)
            endpoint = new Ipv4Endpoint(address, port);
    }

    /// <summary>Carries an Ethernet address.</summary>
    /// <param name="address">The address.</param>
    public void Carry(ref MacAddress address)
    {
        ulong value = (Renaming?.Of(address) ?? address).Value;
        Carry(ref value);
        if (IsReading)
            address = new MacAddress(value);
    }

    /// <summary>Carries an entry of an NB record.</summary>
    /// <param name="entry">The entry.</param>
    public void Carry(ref NbEntry entry)
    {
        (ushort flags, var address) = (entry.Flags.Value, entry.Address);
        Carry(ref flags);
        Carry(ref address);
        if (IsReading)
            entry = new NbEntry(new NbFlags(flags), address);
    }

    /// <summary>Carries a name.</summary>
    /// <param name="name">The name, scope included.</param>
    public void Carry(ref NetBiosName name)
    {
        var called = Renaming?.Of(name) ?? name;
        (ulong high, ulong low, var scope) = (called.High, called.Low, called.Scope);
        Carry(ref high);
        Carry(ref low);
        Carry(ref scope);
        if (IsReading)
            name = new NetBiosName(high, low, scope);
    }

    /// <summary>Carries a scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <exception cref="StateException">What is read is none.</exception>
    public void Carry(ref NetBiosScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        byte length = (byte)scope.Encoded.Length;
        Carry(ref length);
        if (length > 0)
            CarryLabels(ref scope, length);
        else if (IsReading)
            scope = NetBiosScope.Empty;
    }

    /// <summary>Carries the version of a record; a fingerprint leaves it out where there is nobody to compare it.</summary>
    /// <param name="version">The version.</param>
    internal void CarryVersion(ref ulong version)
    {
        if (!IsFingerprint || HasVersions)
            Carry(ref version);
    }

    /// <summary>Carries a random stream; a fingerprint without draws leaves it out.</summary>
    /// <param name="stream">The stream.</param>
    public void Carry(ref RandomStream stream)
    {
        if (IsFingerprint && !HasDraws)
            return;
        ulong state = stream.State;
        Carry(ref state);
        if (IsReading)
            stream = new RandomStream(state);
    }

    /// <summary>Carries a value of an enumeration.</summary>
    /// <typeparam name="T">The enumeration, of one or two octets or four.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="last">The highest that there is, all from 0 on being some; of flags, all of them.</param>
    /// <exception cref="StateException">What is read is higher.</exception>
    public void Carry<T>(ref T value, T last)
        where T : unmanaged, Enum
    {
        Move(ref value);
        if (IsReading && Comparer<T>.Default.Compare(value, last) > 0)
            throw Refuse($"{typeof(T).Name} {value} is not known");
    }

    /// <summary>Carries NAME_TRN_ID; in a fingerprint, which of the state's ids it is.</summary>
    /// <param name="id">The id.</param>
    public void CarryTransactionId(ref ushort id)
    {
        if (IsFingerprint && !HasDraws)
        {
            ushort order = (ushort)(IsGlance ? _transactionIds.Peek(id) : _transactionIds.Of(id));
            Carry(ref order);
        }
        else
        {
            Carry(ref id);
        }
    }

    /// <summary>Carries a packet, or a request that was one.</summary>
    /// <param name="octets">Its octets.</param>
    /// <param name="idAt">Where NAME_TRN_ID stands in them.</param>
    internal void CarryPacket(Span<byte> octets, int idAt = 0)
    {
        if (!IsFingerprint || octets.Length < idAt + sizeof(ushort))
        {
            Carry(octets);
            return;
        }

        if (Renaming is not null)
        {
            _renamed ??= new byte[ushort.MaxValue];
            octets.CopyTo(_renamed);
            octets = _renamed.AsSpan(0, octets.Length);
            IsRenamed &= Renaming.Apply(octets);
        }

        ushort id = BinaryPrimitives.ReadUInt16BigEndian(octets[idAt..]);
        CarryTransactionId(ref id);
        Carry(octets[..idAt]);
        Carry(octets[(idAt + sizeof(ushort))..]);
    }

    /// <summary>Carries the number of a command; in a fingerprint, which of its machine's commands that are under way it is.</summary>
    /// <param name="operation">The number; 0 for none.</param>
    public void CarryOperation(ref int operation)
    {
        int order = IsFingerprint && operation != 0 ? 1 + (int)_operations.Of((uint)operation) : operation;
        Carry(ref order);
        if (IsReading)
            operation = order;
    }

    /// <summary>Carries text.</summary>
    /// <param name="text">The text, at most 4,096 units; nothing and none are the same.</param>
    /// <exception cref="StateException">It is longer.</exception>
    public void Carry(ref string text) => Carry(ref text, MaxText);

    /// <summary>Carries text of any length.</summary>
    /// <param name="text">The text.</param>
    internal void CarryLong(ref string text) => Carry(ref text, int.MaxValue);

    private void Carry(ref string text, int most)
    {
        text ??= "";
        int length = CarryCount(text.Length, sizeof(char), most);
        var units = IsReading ? new char[length] : null;
        for (int i = 0; i < length; i++)
        {
            ushort unit = units is null ? text[i] : (ushort)0;
            Carry(ref unit);
            if (units is not null)
                units[i] = (char)unit;
        }

        if (units is not null)
            text = new string(units);
    }

    /// <summary>Carries what is the same in whoever reads it, being a matter of how it is set up; a fingerprint leaves it out.</summary>
    /// <param name="setting">What it is here.</param>
    /// <param name="what">What it is about, in words that begin a sentence.</param>
    /// <exception cref="StateException">It is another one in the state that is read.</exception>
    public void Expect(string setting, string what)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (IsFingerprint)
            return;
        string found = setting;
        Carry(ref found);
        if (found != setting)
            throw Refuse($"{what} is {VisibleText.Escape(setting)} here, and {VisibleText.Escape(found)} in the state");
    }

    private void CarryLabels(ref NetBiosScope scope, byte length)
    {
        Check(length <= MaxScope, "A scope is too long");
        var place = MemoryMarshal.CreateSpan(ref Next(length), length);
        if (!IsReading)
        {
            scope.Encoded.CopyTo(place);
            return;
        }

        for (var left = (ReadOnlySpan<byte>)place; !left.IsEmpty; left = left[(1 + left[0])..])
            Check(left[0] is > 0 and <= NetBiosScope.MaxLabelLength && left[0] < left.Length, "A scope is no sequence of labels");
        if (!_scope.Encoded.SequenceEqual(place))
            _scope = NetBiosScope.FromEncoded(place.ToArray());
        scope = _scope;
    }
}
