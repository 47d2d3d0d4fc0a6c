namespace NbnsSim.Jobs;

/// <summary>
/// How a kind of job is done. It reads its inputs, writes into the folder that it is given, and nothing else; on any machine and any number of times it writes the same
/// octets. Its methods are called from several threads at a time.
/// </summary>
public interface IJobWork
{
    /// <summary>Which shards are wanted now, in the order in which they are best done; those that are committed or failed are left out. None: all there is to do is done.</summary>
    /// <remarks>
    /// Called at the beginning, and again whenever all that it asked for is done, by one caller at a time. What it wants follows from the spec, the inputs and what is committed alone; so whoever is asked again
    /// may go on from what it saw then: what was committed or failed is so still. For a job that is taken up again a new one is made (<see cref="JobSpec.CreateWork"/>).
    /// </remarks>
    /// <param name="committed">What is done, by the shard's id.</param>
    /// <param name="failed">The ids of the shards that could not be done.</param>
    /// <exception cref="JobException">The job cannot be done: there are no inputs, for example.</exception>
    IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed);

    /// <summary>Does one shard. An exception is a failed attempt, <see cref="OperationCanceledException"/> for <paramref name="stop"/> and a full disk excepted.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="folder">An empty folder of its own to write files into.</param>
    /// <param name="stop">Asks it to come to an end; what it wrote is thrown away.</param>
    /// <returns>What it came to: a little JSON, which <see cref="Next"/> and <see cref="Combine"/> are given. It is held in memory for every shard of a job.</returns>
    string Run(Shard shard, string folder, CancellationToken stop);

    /// <summary>Puts all together.</summary>
    /// <param name="committed">What is done, by the shard's id.</param>
    /// <param name="failed">The shards that could not be done, by their ids in order.</param>
    /// <param name="folderOf">The folder with the files of a committed shard, by its id.</param>
    /// <param name="resultFolder">An empty folder to write results into.</param>
    /// <param name="stop">Asks it to come to an end; what it wrote is thrown away.</param>
    /// <returns>The summary: JSON that says what was found, what was not analysed, and the sums over shards beside those that were to be reached.</returns>
    string Combine(
        IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop);
}
