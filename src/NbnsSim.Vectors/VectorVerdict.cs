namespace NbnsSim.Vectors;

/// <summary>What a reader should make of a packet.</summary>
public enum VectorVerdict
{
    /// <summary>It is as the clause has it.</summary>
    Valid,

    /// <summary>It is odd, and read all the same: <see cref="PacketVector.Odd"/> says what is odd.</summary>
    Tolerated,

    /// <summary>It is no packet of the name service: <see cref="PacketVector.Error"/> says what shows it, and where.</summary>
    Invalid,
}
