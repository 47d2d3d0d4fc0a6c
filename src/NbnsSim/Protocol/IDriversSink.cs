namespace NbnsSim.Protocol;

/// <summary>The listener of a driver that takes from <see cref="IQuietEndpoint.HandleOrLeave"/> what is said of datagrams that are not looked at.</summary>
internal interface IDriversSink : IDecisionSink;
