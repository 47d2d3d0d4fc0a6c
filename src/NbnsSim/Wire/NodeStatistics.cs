using System.Buffers.Binary;

namespace NbnsSim.Wire;

/// <summary>
/// STATISTICS of a node status response (RFC 1002 §4.2.18), 46 octets. Only <see cref="UnitId"/> is reliable across implementations.
/// </summary>
/// <param name="UnitId">UNIT_ID: the adapter's Ethernet address.</param>
/// <param name="Jumpers">JUMPERS.</param>
/// <param name="TestResult">TEST_RESULT.</param>
/// <param name="Version">VERSION_NUMBER.</param>
/// <param name="Period">PERIOD_OF_STATISTICS.</param>
/// <param name="CrcErrors">NUMBER_OF_CRCs.</param>
/// <param name="AlignmentErrors">NUMBER_ALIGNMENT_ERRORS.</param>
/// <param name="Collisions">NUMBER_OF_COLLISIONS.</param>
/// <param name="SendAborts">NUMBER_SEND_ABORTS.</param>
/// <param name="GoodSends">NUMBER_GOOD_SENDS.</param>
/// <param name="GoodReceives">NUMBER_GOOD_RECEIVES.</param>
/// <param name="Retransmits">NUMBER_RETRANSMITS.</param>
/// <param name="NoResource">NUMBER_NO_RESOURCE_CONDITIONS.</param>
/// <param name="FreeCommandBlocks">NUMBER_FREE_COMMAND_BLOCKS.</param>
/// <param name="TotalCommandBlocks">TOTAL_NUMBER_COMMAND_BLOCKS.</param>
/// <param name="MaxTotalCommandBlocks">MAX_TOTAL_NUMBER_COMMAND_BLOCKS.</param>
/// <param name="PendingSessions">NUMBER_PENDING_SESSIONS.</param>
/// <param name="MaxPendingSessions">MAX_NUMBER_PENDING_SESSIONS.</param>
/// <param name="MaxTotalSessions">MAX_TOTAL_SESSIONS_POSSIBLE.</param>
/// <param name="SessionPacketSize">SESSION_DATA_PACKET_SIZE.</param>
public readonly record struct NodeStatistics(
    MacAddress UnitId,
    byte Jumpers = 0,
    byte TestResult = 0,
    ushort Version = 0,
    ushort Period = 0,
    ushort CrcErrors = 0,
    ushort AlignmentErrors = 0,
    ushort Collisions = 0,
    ushort SendAborts = 0,
    uint GoodSends = 0,
    uint GoodReceives = 0,
    ushort Retransmits = 0,
    ushort NoResource = 0,
    ushort FreeCommandBlocks = 0,
    ushort TotalCommandBlocks = 0,
    ushort MaxTotalCommandBlocks = 0,
    ushort PendingSessions = 0,
    ushort MaxPendingSessions = 0,
    ushort MaxTotalSessions = 0,
    ushort SessionPacketSize = 0)
{
    /// <summary>The number of octets.</summary>
    public const int Size = 46;

    /// <summary>Reads 46 octets.</summary>
    /// <param name="octets">What stands behind the names.</param>
    /// <param name="statistics">The statistics; where fewer than 46 but at least six octets stand there, the UNIT_ID alone.</param>
    /// <returns>Whether all 46 octets were there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out NodeStatistics statistics)
    {
        if (octets.Length < Size)
        {
            statistics = octets.Length >= MacAddress.Size ? new NodeStatistics(MacAddress.Read(octets)) : default;
            return false;
        }

        statistics = new NodeStatistics(
            MacAddress.Read(octets), octets[6], octets[7], U16(octets, 8), U16(octets, 10), U16(octets, 12), U16(octets, 14), U16(octets, 16), U16(octets, 18),
            U32(octets, 20), U32(octets, 24), U16(octets, 28), U16(octets, 30), U16(octets, 32), U16(octets, 34), U16(octets, 36), U16(octets, 38),
            U16(octets, 40), U16(octets, 42), U16(octets, 44));
        return true;
    }

    /// <summary>Writes 46 octets.</summary>
    /// <param name="octets">Room for at least 46 octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter.</exception>
    public void Write(Span<byte> octets)
    {
        octets = octets[..Size];
        UnitId.Write(octets);
        octets[6] = Jumpers;
        octets[7] = TestResult;
        ReadOnlySpan<ushort> before = [Version, Period, CrcErrors, AlignmentErrors, Collisions, SendAborts];
        for (int i = 0; i < before.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(octets[(8 + (2 * i))..], before[i]);
        BinaryPrimitives.WriteUInt32BigEndian(octets[20..], GoodSends);
        BinaryPrimitives.WriteUInt32BigEndian(octets[24..], GoodReceives);
        ReadOnlySpan<ushort> after =
        [
            Retransmits, NoResource, FreeCommandBlocks, TotalCommandBlocks, MaxTotalCommandBlocks, PendingSessions, MaxPendingSessions, MaxTotalSessions, SessionPacketSize,
        ];
        for (int i = 0; i < after.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(octets[(28 + (2 * i))..], after[i]);
    }

    private static ushort U16(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt16BigEndian(octets[at..]);

    private static uint U32(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt32BigEndian(octets[at..]);
}
