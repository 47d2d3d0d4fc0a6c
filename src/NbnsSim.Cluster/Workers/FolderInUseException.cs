using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Workers;

/// <summary>A single process is at the job's folder: the job waits until it has ended and somebody asks for the job again.</summary>
internal sealed class FolderInUseException(string message) : JobException(message);
