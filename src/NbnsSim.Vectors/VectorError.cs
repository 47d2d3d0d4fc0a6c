namespace NbnsSim.Vectors;

/// <summary>What is wrong with an invalid packet.</summary>
/// <param name="What">The mistake, such as <c>ForwardPointer</c>; the README lists them.</param>
/// <param name="Octet">The octet, counted from the start of the packet, at which it shows.</param>
/// <param name="IsReadable">Whether the octets can be read to the end, so that the packet has <see cref="PacketVector.Fields"/> and only its meaning is missing.</param>
public sealed record VectorError(string What, int Octet, bool IsReadable);
