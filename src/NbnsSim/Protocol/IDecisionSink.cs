namespace NbnsSim.Protocol;

/// <summary>Who listens to the decisions of one or several machines; see <see cref="INbnsEndpoint.Decisions"/>.</summary>
public interface IDecisionSink
{
    /// <summary>Takes a decision, in the order in which they are made. The machine is in the midst of its work: it must not be called from here.</summary>
    /// <param name="decision">The decision; good during the call only.</param>
    /// <returns>A number by which later decisions refer to it in their <see cref="Decision.Cause"/>; 0 for one that is not kept.</returns>
    long Take(in Decision decision);
}
