using NbnsSim.Messages;
using NbnsSim.Protocol;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>One way to be wrong.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="Says">What the machine does wrong.</param>
/// <param name="Role">Whose cases are to find it.</param>
/// <param name="In">What happens to a datagram before the machine gets it; null for nothing.</param>
/// <param name="Out">What happens to a datagram that it sends; null for nothing.</param>
/// <param name="Chatter">What it says to its segment whenever it looks at the clock, which it then does every half minute; null for nothing.</param>
internal sealed record Defect(string Id, string Says, ConformanceRole Role, Action<Passing>? In = null, Action<Passing>? Out = null, Func<NbnsMessage>? Chatter = null)
{
    /// <summary>Puts the defect around a machine.</summary>
    public INbnsEndpoint Around(INbnsEndpoint machine) => new DefectiveEndpoint(machine, this);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
