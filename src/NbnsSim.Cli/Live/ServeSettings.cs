using NbnsSim.Transport;

namespace NbnsSim.Cli.Live;

/// <summary>What <c>serve</c> was told: the host, and the files of its name server.</summary>
internal sealed record ServeSettings : NbnsServedHostOptions
{
    public string? StaticFile { get; init; }

    /// <summary>Whether a line of <see cref="StaticFile"/> that cannot be used ends the command.</summary>
    public bool Strict { get; init; }

    public string? StateFile { get; init; }
}
