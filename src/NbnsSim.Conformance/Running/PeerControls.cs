namespace NbnsSim.Conformance;

/// <summary>What a peer has shown once that it does when it is asked properly: without that, its silence where silence is right shows nothing.</summary>
internal sealed class PeerControls
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Whether it does something; it is asked once.</summary>
    /// <param name="what">What.</param>
    /// <param name="ask">Asks it.</param>
    public bool Holds(string what, Func<bool> ask) => _known.TryGetValue(what, out bool known) ? known : _known[what] = ask();
}
