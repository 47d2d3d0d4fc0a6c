namespace NbnsSim.Protocol;

/// <summary>An endpoint whose state can be written as octets and read back: with such endpoints alone a simulation can be saved, compared and told again by its fingerprint.</summary>
public interface IStateEndpoint : INbnsEndpoint
{
    /// <summary>Writes all that what comes next depends on. Nothing changes.</summary>
    /// <param name="codec">Where to; it says whether counters and the like are wanted (<see cref="StateCodec.IsFingerprint"/>).</param>
    void WriteState(StateCodec codec);

    /// <summary>An endpoint that is set up as this one, in the state that <see cref="WriteState"/> has written. This one stays as it is; nobody listens to the new one.</summary>
    /// <param name="codec">Where from.</param>
    /// <exception cref="StateException">The octets are no state of such an endpoint, or of one that is set up otherwise.</exception>
    INbnsEndpoint ReadState(StateCodec codec);
}
