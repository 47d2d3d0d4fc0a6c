using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Simulation;

/// <summary>A datagram that is plausible, odd or broken, as data: it can be drawn, printed and made smaller. What it answers is known only where it is used.</summary>
/// <param name="Shape">Which of the shapes that its flags allow.</param>
/// <param name="Flags">The packet's third and fourth octet.</param>
/// <param name="Name">About which name, unless it answers something.</param>
/// <param name="Answers">Which of the receiver's latest packets or transactions it answers, counted from the last; null for none.</param>
/// <param name="Id">The transaction id, unless it answers something.</param>
/// <param name="TimeToLive">In seconds.</param>
/// <param name="Owner">The last octet of the owner's address.</param>
/// <param name="IsGroup">Whether the owner's entry is a group's.</param>
/// <param name="Damage">Octets that are put over it: where, modulo the length, and what.</param>
/// <param name="Cut">How many octets are left, modulo the length; null for all.</param>
public sealed record ForgedPacket(
    int Shape, ushort Flags, string Name, int? Answers, ushort Id, uint TimeToLive, byte Owner, bool IsGroup, (int At, byte Value)[] Damage, int? Cut)
{
    public const int MaxLength = 700;

    public static readonly string[] Names =
    [
        "ALPHA<00>", "ALPHA<03>", "ALPHA<20>", "BRAVO<00>", "BRAVO<20>", "USER<03>", "LAB<00>", "LAB<1B>", "LAB<1C>", "LAB<1D>", "LAB<1E>", "OTHER<20>", "*", "*ODD<20>", "FAR<20>.SCOPE",
        "FAR<20>.SCOPE.TOO", "HELD<03>",
    ];

    private static readonly ushort[] Words =
    [
        0x2910, 0x2900, 0x2810, 0x2800, 0x4000, 0x4800, 0x7900, 0x7800, 0xAD80, 0xAD86, 0xAD00, 0xAD87, 0xAD84, 0x3000, 0x3010, 0xB400, 0xB406, 0x0100, 0x0110, 0x0000, 0x8500,
        0x8503, 0x8580, 0x8583, 0x8100, 0xBC00, 0x0010, 0x8400, 0xC580, 0xFD80,
    ];

    /// <summary>Any of them: half answer something, a quarter is spoilt, a few are noise from end to end.</summary>
    public static Gen<ForgedPacket> Gen { get; } =
        from what in FsCheck.Fluent.Gen.Choose(0, (Words.Length * 64) - 1)
        from name in FsCheck.Fluent.Gen.Elements(Names)
        from answers in FsCheck.Fluent.Gen.Choose(-8, 7)
        from id in FsCheck.Fluent.Gen.Choose(0, 65_535)
        from time in FsCheck.Fluent.Gen.Frequency((2, FsCheck.Fluent.Gen.Constant(0)), (3, FsCheck.Fluent.Gen.Choose(1, 1000)), (1, FsCheck.Fluent.Gen.Choose(-100_000, 1_000_000)))
        from owner in FsCheck.Fluent.Gen.Choose(1, 12)
        from spoils in FsCheck.Fluent.Gen.Choose(0, 39)
        from at in FsCheck.Fluent.Gen.Choose(0, MaxLength)
        from value in FsCheck.Fluent.Gen.Choose(0, 255)
        from more in spoils == 0 ? Octets.ArrayOf(60) : FsCheck.Fluent.Gen.Constant<(int, byte)[]>([])
        select new ForgedPacket(
            what / Words.Length % 8, Words[what % Words.Length], name, answers >= 0 ? answers : null, (ushort)id, unchecked((uint)time), (byte)owner, what / Words.Length / 8 % 4 == 0,
            spoils is > 0 and < 10 ? [(at, (byte)value)] : more, spoils is 0 or 9 or 10 or 11 ? at : null);

    private static Gen<(int, byte)> Octets { get; } =
        from at in FsCheck.Fluent.Gen.Choose(0, MaxLength) from value in FsCheck.Fluent.Gen.Choose(0, 255) select (at, (byte)value);

    /// <summary>Smaller ones: whole, answering nothing, plain.</summary>
    public IEnumerable<ForgedPacket> Smaller()
    {
        if (Cut is not null)
            yield return this with { Cut = null };
        if (Damage.Length > 0)
            yield return this with { Damage = Damage[1..] };
        if (Damage.Length > 1)
            yield return this with { Damage = [] };
        if (Answers is not null)
            yield return this with { Answers = null };
        if (TimeToLive != 0)
            yield return this with { TimeToLive = 0 };
        if (Id != 1)
            yield return this with { Id = 1 };
        if (IsGroup)
            yield return this with { IsGroup = false };
    }

    /// <summary>Writes it.</summary>
    /// <param name="buffer">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="recent">The ids and names that it can answer, the latest last.</param>
    /// <returns>How long it is.</returns>
    public int Write(Span<byte> buffer, IReadOnlyList<(ushort Id, NetBiosName Name)> recent)
    {
        var (id, name) = Answers is { } back && recent.Count > 0 ? recent[recent.Count - 1 - (back % recent.Count)] : (Id, NetBiosName.Parse(Name));
        var entry = new NbEntry(new NbFlags((ushort)(IsGroup ? 0x8000 : 0)), new Ipv4Address(0x0A000000u + Owner));
        int length = (Flags >> 15, Shape) switch
        {
            (0, 0) => NbnsEncoder.WriteQuery(buffer, id, Flags, name, NbnsType.NBStat),
            (0, _) when (Flags & 0x7800) == 0 => NbnsEncoder.WriteQuery(buffer, id, Flags, name),
            (0, _) => NbnsEncoder.WriteRequest(buffer, id, Flags, name, TimeToLive, entry),
            (_, 0) => NbnsEncoder.WriteRedirect(buffer, id, 0x8100, name, TimeToLive, name, entry.Address),
            (_, 1) => NbnsEncoder.WriteWack(buffer, id, 0xBC00, name, TimeToLive, default),
            (_, 2) => NbnsEncoder.WriteNegativeQueryResponse(buffer, id, Flags, name),
            (_, 3) => NbnsEncoder.WriteNodeStatus(buffer, id, 0x8400, name, [], default),
            _ => NbnsEncoder.WriteResponse(buffer, id, Flags, name, TimeToLive, entry),
        };
        foreach (var (at, value) in Damage)
            buffer[at % length] = value;
        return Cut is { } left ? left % length : length;
    }

    public override string ToString() =>
        $"flags {Flags:X4}, shape {Shape}, {(Answers is { } back ? $"answer to the {back + 1}. from the end" : $"id {Id}, {Name}")}, 10.0.0.{Owner}{(IsGroup ? " group" : "")}, TTL {TimeToLive}"
        + $"{string.Concat(Damage.Select(one => $", {one.Value:X2} at {one.At}"))}{(Cut is { } left ? $", cut at {left}" : "")}";
}
