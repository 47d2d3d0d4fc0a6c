namespace NbnsSim.Diagnosis;

/// <summary>An address with its number in a <see cref="MachineTable"/>, so that it is looked up once.</summary>
/// <param name="address">The address.</param>
/// <param name="number">Its number; −1 where it has none.</param>
internal readonly struct Party(Ipv4Address address, int number)
{
    private readonly int _next = number + 1; // so that nothing has no number

    /// <summary>The address.</summary>
    public Ipv4Address Address { get; } = address;

    /// <summary>Its number; −1 where it has none.</summary>
    public int Number => _next - 1;
}
