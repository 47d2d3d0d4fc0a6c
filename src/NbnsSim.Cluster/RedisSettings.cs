using System.Globalization;
using System.Net;
using System.Net.Security;
using NbnsSim.Jobs;
using StackExchange.Redis;

namespace NbnsSim.Cluster;

/// <summary>Where the cluster's Redis is, and how to get in. The password is never part of <see cref="ToString"/>.</summary>
public sealed class RedisSettings
{
    /// <summary>The environment variable that holds the settings where the command line does not: there a password shows in no list of processes.</summary>
    public const string EnvironmentVariable = "NBNSSIM_REDIS";

    private readonly ConfigurationOptions _options;

    private RedisSettings(ConfigurationOptions options)
    {
        _options = options;
        // a silo that starts before its Redis waits for it
        _options.AbortOnConnectFail = false;
    }

    /// <summary>The password; null where none is needed.</summary>
    internal string? Password => string.IsNullOrEmpty(_options.Password) ? null : _options.Password;

    /// <summary>Reads settings.</summary>
    /// <param name="text">
    /// <c>redis://[[user]:password@]host[:port][/database]</c>, <c>rediss://…</c> for TLS, or a configuration string of StackExchange.Redis (<c>host:port,password=…,ssl=true</c>).
    /// </param>
    /// <exception cref="FormatException">It is neither; the message does not repeat it.</exception>
    public static RedisSettings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RedisSettings(text.Contains("://", StringComparison.Ordinal) ? FromUri(text) : FromConfiguration(text));
    }

    /// <summary>Reads the settings of a command line, or else those of <see cref="EnvironmentVariable"/>.</summary>
    /// <param name="text">What the command line says; null for nothing.</param>
    /// <exception cref="FormatException">There are none, or they are none.</exception>
    public static RedisSettings From(string? text) =>
        Parse(text ?? Environment.GetEnvironmentVariable(EnvironmentVariable)
            ?? throw new FormatException($"Where is Redis? Say --redis redis://HOST:PORT, or set {EnvironmentVariable} (a password belongs there)."));

    /// <summary>The place, without the password.</summary>
    public override string ToString() => $"{string.Join(',', _options.EndPoints.Select(Place))}{(_options.Ssl ? " (TLS)" : "")}";

    /// <summary>Connects once, so that what is wrong is said in a sentence before a silo or a client starts.</summary>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="JobException">Redis is out of reach, does not take the password, or has a certificate that nobody vouches for. The message says which, and repeats no secret.</exception>
    public async Task CheckAsync(CancellationToken stop = default)
    {
        var options = ToOptions();
        options.AbortOnConnectFail = true;
        string? mistrust = null;
        options.CertificateValidation += (_, certificate, chain, errors) =>
        {
            if (errors != SslPolicyErrors.None)
                mistrust = $"{errors}{(chain is null ? "" : string.Concat(chain.ChainStatus.Select(status => $", {status.Status}")))}";
            return errors == SslPolicyErrors.None;
        };
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(stop).ConfigureAwait(false);
            await connection.GetDatabase().PingAsync().WaitAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            string why = mistrust is not null ? $"this machine does not trust its certificate ({mistrust}); SSL_CERT_FILE names the certificate of another authority"
                : e.ToString() is var all && (all.Contains("WRONGPASS", StringComparison.Ordinal) || all.Contains("NOAUTH", StringComparison.Ordinal)) ? "it does not take this password"
                : options.Ssl ? "nobody answers there, or not by TLS" : "nobody answers there, or only by TLS (rediss://)";
            throw new JobException($"Redis at {VisibleText.Escape(ToString())} cannot be used: {why}.", e);
        }
    }

    /// <summary>The settings for Orleans; a copy.</summary>
    internal ConfigurationOptions ToOptions() => _options.Clone();

    private static string Place(EndPoint place) => place is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{place}";

    private static ConfigurationOptions FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
            throw new FormatException("The place of Redis is not of the form redis://[[user]:password@]host[:port][/database] (rediss for TLS).");
        var options = new ConfigurationOptions { Ssl = uri.Scheme == "rediss" };
        options.EndPoints.Add(new DnsEndPoint(uri.DnsSafeHost, uri.Port > 0 ? uri.Port : 6379));
        if (options.Ssl)
            options.SslHost = uri.DnsSafeHost;
        string[] login = uri.UserInfo.Split(':', 2);
        if (login[0].Length > 0)
            options.User = Uri.UnescapeDataString(login[0]);
        if (login.Length > 1)
            options.Password = Uri.UnescapeDataString(login[1]);
        if (uri.AbsolutePath.Length > 1)
        {
            options.DefaultDatabase = int.TryParse(uri.AbsolutePath[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int database)
                ? database
                : throw new FormatException("The database of Redis is a number: redis://host:port/0.");
        }

        return options;
    }

    private static ConfigurationOptions FromConfiguration(string text)
    {
        ConfigurationOptions? options = null;
        try
        {
            options = ConfigurationOptions.Parse(text);
        }
        catch (ArgumentException)
        {
            // it may repeat a piece of the text, and so a secret: it goes no further
        }

        return options is { EndPoints.Count: > 0 } ? options : throw new FormatException("The place of Redis is no configuration string of the form host:port,password=…,ssl=true.");
    }
}
