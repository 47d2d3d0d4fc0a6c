namespace NbnsSim.Reports.Layouts;

/// <summary>Fields of a diagram of bits, which follow each other.</summary>
/// <param name="Name">What the document calls the field.</param>
/// <param name="Bits">How many bits it has: 1 to 16, or a multiple of 16.</param>
internal sealed record BitCell(string Name, int Bits);
