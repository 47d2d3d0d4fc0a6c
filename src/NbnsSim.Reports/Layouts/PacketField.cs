namespace NbnsSim.Reports.Layouts;

/// <summary>A field of a packet, and where it stands.</summary>
/// <param name="Offset">Its first octet, from the packet's start.</param>
/// <param name="Length">How many octets it has.</param>
/// <param name="Name">What the document calls it, such as <c>NAME_TRN_ID</c>.</param>
/// <param name="Value">What it says, in words; not escaped.</param>
/// <param name="Clause">The clause that draws it; empty where none does.</param>
internal sealed record PacketField(int Offset, int Length, string Name, string Value, string Clause)
{
    /// <summary>Of a field of bits: its word with dots for the bits of others, such as <c>.010 1... .... ....</c>; null for a field of whole octets.</summary>
    public string? Bits { get; init; }

    /// <summary>The part of the packet that it belongs to, such as <c>Question 1</c>.</summary>
    public string Part { get; init; } = "";
}
