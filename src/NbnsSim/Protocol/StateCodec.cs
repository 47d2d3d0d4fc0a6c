using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Protocol;

/// <summary>
/// The state of machines and networks as octets. One list of fields serves to write them and to read them: each part carries its own, in order, and what is carried is
/// written from it or read into it, as <see cref="IsReading"/> says.
/// </summary>
/// <remarks>
/// <para>There are two forms. The <em>saved</em> one has everything, so that whoever reads it goes on exactly as whoever wrote it.</para>
/// <para>
/// The <em>fingerprint's</em> has what behaviour depends on, in one way only: times relative to now, transaction ids, the numbers of commands and those of datagrams in the
/// order of their first appearance, tables whose order means nothing without one. It leaves out what was counted or logged, results that nobody has asked for yet,
/// and which decision led to what. It is written and hashed, never read.
/// </para>
/// <para>All numbers are little-endian and of fixed width.</para>
/// </remarks>
public sealed partial class StateCodec
{
    private const int FirstOctets = 4096;

    private byte[] _octets;
    private int _at;
    private int _end; // of the room, or of what is read

    private StateCodec(byte[] octets, bool isReading)
    {
        (_octets, _end, IsReading) = (octets, octets.Length, isReading);
    }

    /// <summary>Whether state is read: what is carried gets the value that was written.</summary>
    public bool IsReading { get; }

    /// <summary>Whether a fingerprint is being made: what behaviour does not depend on is to be left out.</summary>
    public bool IsFingerprint { get; private set; }

    /// <summary>What a codec has written so far.</summary>
    internal ReadOnlySpan<byte> Written => _octets.AsSpan(0, _at);

    /// <summary>Whether all that there was has been read.</summary>
    internal bool IsAtEnd => _at == _end;

    /// <summary>A codec that writes the saved form.</summary>
    internal static StateCodec Write() => new(new byte[FirstOctets], isReading: false);

    /// <summary>A codec that reads the saved form.</summary>
    internal static StateCodec Read(byte[] octets) => new(octets, isReading: true);

    /// <summary>Refuses what was read.</summary>
    /// <param name="why">What is wrong with it, in words that begin a sentence.</param>
    /// <returns>What to throw.</returns>
    public StateException Refuse(string why) => new($"{why} (octet {_at} of the state).");

    /// <summary>Refuses what was read unless it holds.</summary>
    /// <param name="holds">What has to hold.</param>
    /// <param name="why">What is wrong where it does not.</param>
    /// <exception cref="StateException">It does not hold.</exception>
    public void Check(bool holds, string why)
    {
        if (!holds)
            throw Refuse(why);
    }

    /// <summary>Carries a truth value.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref bool value)
    {
        byte octet = value ? (byte)1 : (byte)0;
        Carry(ref octet);
        Check(octet <= 1, "A truth value is neither 0 nor 1");
        value = octet != 0;
    }

    /// <summary>Carries an octet.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref byte value)
    {
        ref byte place = ref Next(sizeof(byte));
        if (IsReading)
            value = place;
        else
            place = value;
    }

    /// <summary>Carries a number.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref ushort value) => Move(ref value);

    /// <summary>Carries a number.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref short value) => Move(ref value);

    /// <summary>Carries a number.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref int value) => Move(ref value);

    /// <summary>Carries a number.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref uint value) => Move(ref value);

    /// <summary>Carries a number.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref long value) => Move(ref value);

    /// <summary>Carries a number.</summary>
    /// <param name="value">The value.</param>
    public void Carry(ref ulong value) => Move(ref value);

    /// <summary>Carries octets.</summary>
    /// <param name="octets">The octets; how many they are is carried before.</param>
    public void Carry(Span<byte> octets)
    {
        var place = MemoryMarshal.CreateSpan(ref Next(octets.Length), octets.Length);
        if (IsReading)
            place.CopyTo(octets);
        else
            octets.CopyTo(place);
    }

    /// <summary>Carries how many of something there are.</summary>
    /// <param name="count">How many, where they are written.</param>
    /// <param name="least">How many octets each takes at least: more than fit into what is left to read are refused before there is room made for them.</param>
    /// <param name="most">How many there may be.</param>
    /// <returns>How many.</returns>
    /// <exception cref="StateException">There are more.</exception>
    public int CarryCount(int count, int least = 1, int most = int.MaxValue)
    {
        Carry(ref count);
        if (IsReading && ((uint)count > (uint)most || (long)count * least > _end - _at))
            throw Refuse($"{(uint)count} items where there can be no more than {Math.Min(most, (_end - _at) / least)}");
        return count;
    }

    /// <summary>Carries what was counted, which a fingerprint leaves out.</summary>
    /// <param name="value">The value.</param>
    public void CarryTally(ref long value)
    {
        if (!IsFingerprint)
            Carry(ref value);
    }

    /// <summary>Carries the number of the decision that led to something (<see cref="Decision"/>), which a fingerprint leaves out.</summary>
    /// <param name="decision">The number; 0 where nobody listens.</param>
    public void CarryCause(ref long decision) => CarryTally(ref decision);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move<T>(ref T value)
        where T : unmanaged
    {
        ref byte place = ref Next(Unsafe.SizeOf<T>());
        if (IsReading)
            value = InOrder(Unsafe.ReadUnaligned<T>(ref place));
        else
            Unsafe.WriteUnaligned(ref place, InOrder(value));
    }

    /// <summary>The same on a machine of the other octet order, where its octets are turned round.</summary>
    private static T InOrder<T>(T value)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(new Span<T>(ref value)).Reverse();
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Next(int size)
    {
        if (_end - _at < size)
            Extend(size);
        ref byte place = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), _at);
        _at += size;
        return ref place;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Extend(int size)
    {
        if (IsReading)
            throw new StateException($"The state ends at octet {_end}, before all of it was there.");
        Array.Resize(ref _octets, (int)Math.Min(Array.MaxLength, Math.Max(2L * _octets.Length, (long)_at + size)));
        _end = _octets.Length;
    }
}
