using NbnsSim.Rules;

namespace NbnsSim.Protocol;

/// <summary>
/// An endpoint that says by what it returns that a datagram was not looked at. Hundreds of machines say so of one broadcast: a driver that calls them one after another
/// need neither be told by each nor ask what came of it.
/// </summary>
internal interface IQuietEndpoint : INbnsEndpoint
{
    /// <summary>Takes a datagram, as <see cref="INbnsEndpoint.HandleDatagram"/> does, but does not tell an <see cref="IDriversSink"/> that it was not looked at: that is the driver's.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="datagram">The datagram.</param>
    /// <returns>By which rule it was not looked at: nothing has changed, and there is nothing to poll. <see langword="null"/> where it was.</returns>
    Rule? HandleOrLeave(Instant now, in Datagram datagram);
}
